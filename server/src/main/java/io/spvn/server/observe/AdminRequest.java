package io.spvn.server.observe;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The head of a request to the admin listener, as far as it matters there.
///
/// @param method as it was sent
/// @param path without the query
/// @param accept the media types that the client asks for, "" for any
record AdminRequest(String method, String path, String accept) {
    /// The end of a head (RFC 9112 2.1).
    static final String END = "\r\n\r\n";

    private static final Pattern LINE =
            Pattern.compile("(?<method>[!-~]+) (?<path>/[!-~&&[^?]]*)(?:[?][!-~]*)? HTTP/1[.][01]");

    private static final String ACCEPT = "accept:";

    /// Reads a head up to and with [#END].
    ///
    /// @return null when it is not one of HTTP/1
    static @Nullable AdminRequest parse(String head) {
        String first = head.substring(0, head.indexOf("\r\n"));
        Matcher line = LINE.matcher(first);
        return line.matches()
                ? new AdminRequest(line.group("method"), line.group("path"), accept(head))
                : null;
    }

    private static String accept(String head) {
        return head.lines()
                .skip(1)
                .filter(field -> field.toLowerCase(Locale.ROOT).startsWith(ACCEPT))
                .map(field -> field.substring(ACCEPT.length()).strip())
                .collect(Collectors.joining(","));
    }

    boolean isRead() {
        return method.equals("GET") || method.equals("HEAD");
    }
}
