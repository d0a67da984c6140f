package io.spvn.server.observe;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// What the admin listener says to one request.
///
/// @param status the status code
/// @param type the content type
/// @param body in UTF-8
/// @param fields header fields that others do not have, a line for each
public record Answer(int status, String type, String body, String fields) {
    static final Answer OK = text(200, "ok");

    private static final String PLAIN = "text/plain; charset=utf-8";

    private static final Map<Integer, String> REASONS =
            Map.of(
                    200, "OK",
                    400, "Bad Request",
                    404, "Not Found",
                    405, "Method Not Allowed",
                    431, "Request Header Fields Too Large",
                    500, "Internal Server Error",
                    503, "Service Unavailable");

    /// One line of text.
    static Answer text(int status, String line) {
        return new Answer(status, PLAIN, line + "\n", "");
    }

    static Answer unavailable(String reason) {
        return text(503, reason);
    }

    static Answer notAllowed(String allow) {
        return new Answer(405, PLAIN, "only " + allow + "\n", "").with("Allow: " + allow);
    }

    /// The response as it goes over the wire, the last one of its connection. What is told here is
    /// of this moment, so nobody may keep it.
    ///
    /// @param withBody false for HEAD
    byte[] bytes(boolean withBody) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        String head =
                "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n%sCache-Control: no-store\r\nConnection: close\r\n\r\n"
                        .formatted(status, REASONS.get(status), type, length, fields);
        return (withBody ? head + body : head).getBytes(StandardCharsets.UTF_8);
    }

    /// The same with another header field.
    public Answer with(String field) {
        return new Answer(status, type, body, fields + field + "\r\n");
    }
}
