package io.spvn.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A file of environment variables, as python-dotenv reads it: a line `NAME=VALUE` each, with
/// `export` before it or not. A value may stand in single quotes, as it is but for `\'` and `\\`,
/// or in double ones, with the escapes of Python; both may go over several lines. Without quotes it
/// ends at the end of the line or at a `#` behind a blank. `${NAME}` and `${NAME:-DEFAULT}` stand
/// for values from above or of the environment, except in single quotes. The last of two counts.
final class DotEnv {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
    private static final Pattern BLANK = Pattern.compile("\\s*(#[^\\r\\n]*\\s*)*");
    private static final Pattern KEY =
            Pattern.compile("(export[^\\S\\r\\n]+)?(?<name>[^=#\\s]+)[^\\S\\r\\n]*");
    private static final Pattern EQUALS = Pattern.compile("=[^\\S\\r\\n]*");
    private static final Pattern SINGLE =
            Pattern.compile("'((?:[^'\\\\]|\\\\.)*)'", Pattern.DOTALL);
    private static final Pattern DOUBLE =
            Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"", Pattern.DOTALL);
    private static final Pattern PLAIN = Pattern.compile("[^\\r\\n]*");
    private static final Pattern END =
            Pattern.compile("[^\\S\\r\\n]*(#[^\\r\\n]*)?(\\r\\n|\\n|\\r|$)");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(.)", Pattern.DOTALL);
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\{(?<name>[^}:]*)(?::-(?<otherwise>[^}]*))?\\}");

    private final String name;
    private final Matcher rest;
    private final String text;
    private final Map<String, String> around;
    private final Map<String, String> variables = new LinkedHashMap<>();

    private DotEnv(String name, String text, Map<String, String> around) {
        this.name = name;
        this.text = text;
        this.around = around;
        this.rest = BLANK.matcher(text);
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /// The variables in a file.
    ///
    /// @param around those of the environment, which it may name
    static Map<String, String> read(Path file, Map<String, String> around) {
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            return parse(file.toString(), text, around);
        } catch (IOException e) {
            throw new UsageError("--env-file: cannot read " + file + ": " + IoReason.of(e));
        }
    }

    /// The same of a text.
    static Map<String, String> parse(String name, String text, Map<String, String> around) {
        return new DotEnv(name, text, around).parse();
    }

    private Map<String, String> parse() {
        take(BLANK);
        while (rest.regionStart() < text.length()) {
            int start = rest.regionStart();
            MatchResult key = take(KEY);
            String variable = key == null ? "" : key.group("name");
            String value = take(EQUALS) == null ? null : value(start);
            if (!isName(variable) || take(END) == null) {
                throw wrong(start);
            }
            if (value != null) {
                variables.put(variable, value); // a name alone says nothing
            }
            take(BLANK);
        }
        return variables;
    }

    private String value(int start) {
        MatchResult single = take(SINGLE);
        if (single != null) {
            return single.group(1).replaceAll("\\\\(['\\\\])", "$1");
        }
        MatchResult twice = take(DOUBLE);
        if (twice != null) {
            return expanded(ESCAPE.matcher(twice.group(1)).replaceAll(DotEnv::unescaped));
        }
        MatchResult line = take(PLAIN);
        String plain = line == null ? "" : line.group();
        if (plain.startsWith("'") || plain.startsWith("\"")) {
            throw wrong(start); // what it opens is never closed
        }
        return expanded(plain.replaceFirst("(^|\\s+)#.*", "").stripTrailing());
    }

    private static String unescaped(MatchResult escape) {
        String character =
                switch (escape.group(1)) {
                    case "n" -> "\n";
                    case "r" -> "\r";
                    case "t" -> "\t";
                    case "a" -> "\u0007";
                    case "b" -> "\b";
                    case "f" -> "\f";
                    case "v" -> "\u000b";
                    case "\\", "'", "\"" -> escape.group(1);
                    default -> escape.group();
                };
        return Matcher.quoteReplacement(character);
    }

    private String expanded(String value) {
        return REFERENCE
                .matcher(value)
                .replaceAll(
                        reference ->
                                Matcher.quoteReplacement(
                                        known(
                                                reference.group("name"),
                                                reference.group("otherwise"))));
    }

    private String known(String variable, @Nullable String otherwise) {
        String value = around.getOrDefault(variable, variables.get(variable));
        return Resolve.or(value, Resolve.or(otherwise, ""));
    }

    /// What comes next, if it is that, and goes behind it.
    private @Nullable MatchResult take(Pattern pattern) {
        if (!rest.usePattern(pattern).lookingAt()) {
            return null;
        }
        MatchResult found = rest.toMatchResult();
        rest.region(found.end(), text.length());
        return found;
    }

    private UsageError wrong(int start) {
        long line = text.substring(0, start).lines().count() + (endsLine(start) ? 1 : 0);
        return new UsageError(
                "--env-file: %s: line %d is not NAME=VALUE".formatted(name, Math.max(1, line)));
    }

    private boolean endsLine(int start) {
        return start > 0 && "\r\n".indexOf(text.charAt(start - 1)) >= 0;
    }
}
