package io.spvn.loadtest.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// The request that is sent, the same each time.
///
/// @param fields header fields besides Host, User-Agent and Content-Length, which are made unless
///   they are given
/// @param body may be empty; not changed by anyone
@SuppressWarnings("ArrayRecordComponent") // bytes for the wire, compared by nobody
public record Request(String method, List<Field> fields, byte[] body) {
    /// The largest body.
    public static final int MAX_BODY = 64 << 20;

    /// Methods that say so when there is none (RFC 9110, 8.6).
    private static final Set<String> HAVE_CONTENT = Set.of("POST", "PUT", "PATCH");

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VALUE = Pattern.compile("[\t\\x20-\\x7E\\x80-\\xFF]*");

    /// A header field.
    public record Field(String name, String value) {
        public Field {
            require(TOKEN.matcher(name).matches(), "'" + name + "' cannot name a header field");
            require(VALUE.matcher(value).matches(), name + ": not a value for the wire");
        }

        /// Reads `Name: value`.
        public static Field of(String line) {
            int colon = line.indexOf(':');
            require(colon > 0, "'" + line + "' is not of the form 'Name: value'");
            return new Field(line.substring(0, colon), line.substring(colon + 1).strip());
        }
    }

    public Request {
        fields = List.copyOf(fields);
        require(TOKEN.matcher(method).matches(), "'" + method + "' cannot be a method");
        require(body.length <= MAX_BODY, "the body: at most " + MAX_BODY + " bytes");
        for (String framing : List.of("transfer-encoding", "content-length")) {
            require(!has(fields, framing), framing + ": is made from the body, do not give it");
        }
    }

    /// A request with neither fields nor body.
    public static Request get() {
        return new Request("GET", List.of(), new byte[0]);
    }

    /// The bytes on the wire (RFC 9112, 2.1).
    byte[] bytes(Target target) {
        StringBuilder head = new StringBuilder();
        line(head, method + " " + target.requestTarget() + " HTTP/1.1");
        if (!has(fields, "host")) {
            line(head, "Host: " + target.authority());
        }
        if (!has(fields, "user-agent")) {
            line(head, "User-Agent: spvn-loadtest");
        }
        if (body.length > 0 || HAVE_CONTENT.contains(method)) {
            line(head, "Content-Length: " + body.length);
        }
        fields.forEach(field -> line(head, field.name() + ": " + field.value()));
        line(head, "");
        return joined(head.toString().getBytes(ISO_8859_1), body);
    }

    private static void line(StringBuilder head, String text) {
        head.append(text).append("\r\n");
    }

    private static byte[] joined(byte[] head, byte[] body) {
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    private static boolean has(List<Field> fields, String name) {
        return fields.stream()
                .anyMatch(field -> field.name().toLowerCase(Locale.ROOT).equals(name));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
