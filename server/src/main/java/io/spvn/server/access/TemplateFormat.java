package io.spvn.server.access;

import io.spvn.bridge.exchange.Access;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A line with places for atoms, in the way of gunicorn and of Python's `%`: `%(h)s`, `%(status)d`,
/// `%(dt_ms).3f`, `%%`.
final class TemplateFormat implements AccessFormat {
    /// gunicorn's default.
    static final String COMBINED =
            "%(h)s %(l)s %(u)s %(t)s \"%(r)s\" %(s)s %(b)s \"%(f)s\" \"%(a)s\"";

    private static final Pattern PLACE =
            Pattern.compile("%(?:%|\\((?<name>[^)]*)\\)(?:\\.(?<decimals>[0-9]))?(?<kind>[sdf]))");

    private final List<Atom> parts;

    private TemplateFormat(List<Atom> parts) {
        this.parts = List.copyOf(parts);
    }

    static TemplateFormat of(String text) {
        return of(text, ZoneId.systemDefault());
    }

    /// @throws IllegalArgumentException when it cannot be understood
    static TemplateFormat of(String text, ZoneId zone) {
        requireLine(text);
        Atoms atoms = new Atoms(zone);
        List<Atom> parts = new ArrayList<>();
        Matcher place = PLACE.matcher(text);
        int at = 0;
        while (place.find()) {
            literal(text, at, place.start(), parts);
            parts.add(atom(place, atoms));
            at = place.end();
        }
        literal(text, at, text.length(), parts);
        return new TemplateFormat(parts);
    }

    private static void requireLine(String text) {
        if (text.isBlank() || text.chars().anyMatch(c -> c < ' ' && c != '\t')) {
            throw new IllegalArgumentException("must be one line, and not empty");
        }
    }

    private static Atom atom(Matcher place, Atoms atoms) {
        String name = place.group("name");
        if (name == null) {
            return (access, line) -> line.put('%');
        }
        String decimals = place.group("decimals");
        return atoms.of(name, decimals == null ? -1 : Integer.parseInt(decimals));
    }

    private static void literal(String text, int from, int to, List<Atom> parts) {
        String between = text.substring(from, to);
        if (between.indexOf('%') >= 0) {
            throw new IllegalArgumentException(
                    "'%s' has a %% that begins no atom such as %%(h)s; write %%%% for the sign"
                            .formatted(text));
        }
        if (!between.isEmpty()) {
            byte[] bytes = between.getBytes(StandardCharsets.UTF_8);
            parts.add((access, line) -> line.put(bytes));
        }
    }

    @Override
    public void write(Access access, LineBuffer line) {
        for (Atom part : parts) {
            part.write(access, line);
        }
    }
}
