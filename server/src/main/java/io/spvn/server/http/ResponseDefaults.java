package io.spvn.server.http;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Which header fields the server adds to each response.
///
/// @param server whether it says what it is, where the app does not
/// @param date whether it says what time it is, where the app does not
/// @param fields of its operator, on each response
public record ResponseDefaults(boolean server, boolean date, List<Field> fields) {
    public static final ResponseDefaults DEFAULT = new ResponseDefaults(true, true, List.of());

    /// In place of what the server says itself, if these are there.
    public ResponseDefaults {
        fields = List.copyOf(fields);
        server = server && fields.stream().noneMatch(field -> field.is("server"));
        date = date && fields.stream().noneMatch(field -> field.is("date"));
    }

    /// One header field.
    public record Field(String name, String value) {
        private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
        private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e\\t]*");

        /// They are the server's alone (RFC 9110 7.6.1, RFC 9112 6).
        private static final Set<String> FRAMING =
                Set.of("connection", "content-length", "transfer-encoding", "upgrade", "trailer");

        public Field {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("'" + name + "' is not the name of a header");
            }
            if (!VALUE.matcher(value).matches()) {
                throw new IllegalArgumentException("the value of " + name + " is not plain text");
            }
            if (FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        name + " says how long a response is; that is the server's to say");
            }
        }

        /// Reads `NAME:VALUE`.
        public static Field parse(String text) {
            int colon = text.indexOf(':');
            if (colon < 0) {
                throw new IllegalArgumentException("'" + text + "' is not NAME:VALUE");
            }
            return new Field(text.substring(0, colon).strip(), text.substring(colon + 1).strip());
        }

        private boolean is(String lowerCase) {
            return name.toLowerCase(Locale.ROOT).equals(lowerCase);
        }
    }

    /// As lines of HTTP/1.1.
    public String lines() {
        return fields.stream()
                .map(field -> field.name() + ": " + field.value() + "\r\n")
                .collect(Collectors.joining());
    }
}
