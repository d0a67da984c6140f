package io.spvn.server.http;

import io.spvn.bridge.asgi.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which codings a client takes, and how much it likes each (RFC 9110 12.5.3). One that says
/// nothing gets none, though it might take any. A member that cannot be read is left out.
public final class AcceptEncoding {
    private static final byte[] NAME = Ascii.bytes("accept-encoding");
    private static final Pattern MEMBER =
            Pattern.compile(
                    "(?<coding>[^;\\s]+)\\s*(;\\s*q\\s*=\\s*(?<q>0(\\.\\d{0,3})?|1(\\.0{0,3})?)\\s*)?");
    private static final int MOST = 1000;

    private final Map<ContentCoding, Integer> weights = new EnumMap<>(ContentCoding.class);
    private @Nullable Integer identity;
    private @Nullable Integer others;

    private AcceptEncoding() {}

    /// What the header fields of a request say.
    public static AcceptEncoding of(Headers headers) {
        AcceptEncoding accepted = new AcceptEncoding();
        var members = new ListField(headers, NAME);
        while (members.next()) {
            accepted.note(
                    new String(
                            headers.block(),
                            members.from(),
                            members.to() - members.from(),
                            StandardCharsets.ISO_8859_1));
        }
        return accepted;
    }

    private void note(String member) {
        Matcher matcher = MEMBER.matcher(member.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return;
        }
        String q = matcher.group("q");
        int weight = q == null ? MOST : (int) Math.round(Double.parseDouble(q) * MOST);
        switch (matcher.group("coding")) {
            case "identity" -> identity = weight;
            case "*" -> others = weight;
            case String word -> {
                ContentCoding coding = ContentCoding.of(word);
                if (coding != null) {
                    weights.put(coding, weight);
                }
            }
        }
    }

    /// The codings that it takes, what it likes best first. What it likes less than no coding at
    /// all is not among them.
    public List<ContentCoding> codings() {
        int least = Math.max(1, identity == null ? 1 : identity);
        return Stream.of(ContentCoding.values())
                .filter(coding -> weight(coding) >= least)
                .sorted(Comparator.comparingInt(this::weight).reversed())
                .toList();
    }

    private int weight(ContentCoding coding) {
        return weights.getOrDefault(coding, others == null ? 0 : others);
    }

    /// Whether it takes content as it is, as all do that do not refuse it by name, or with all that
    /// is not named.
    public boolean takesIdentity() {
        if (identity != null) {
            return identity > 0;
        }
        return others == null || others > 0;
    }
}
