package io.spvn.bridge.asgi;

/// What clients and apps say, as it may stand in a log: no control character of theirs gets to a
/// terminal, and none can make a line look like another one.
public final class Printable {
    private static final int SHOWN = 200;

    private Printable() {}

    /// Bytes of a client, in one line: whatever is not a plain ASCII character is shown as `\xhh`,
    /// and what is too long is cut.
    public static String line(byte[] bytes, int from, int to) {
        return line(bytes, from, to, SHOWN);
    }

    static String line(byte[] bytes, int from, int to, int shown) {
        StringBuilder text = new StringBuilder();
        int end = Math.min(to, from + shown);
        for (int at = from; at < end; at++) {
            append(bytes[at] & 0xFF, text);
        }
        return text.append(end < to ? "..." : "").toString();
    }

    /// Bytes of a client, in one line.
    public static String line(byte[] bytes) {
        return line(bytes, 0, bytes.length);
    }

    private static void append(int octet, StringBuilder text) {
        if (octet >= ' ' && octet < 0x7F) {
            text.append((char) octet);
        } else {
            text.append("\\x%02x".formatted(octet));
        }
    }

    /// A text of several lines, such as a traceback: line feeds and tabs stay, every other control
    /// character and line separator is escaped as Python does it.
    public static String text(String text) {
        int at = 0;
        while (at < text.length() && !isControl(text.charAt(at))) {
            at++;
        }
        return at == text.length() ? text : escaped(text, at);
    }

    private static String escaped(String text, int first) {
        StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int at = first; at < text.length(); at++) {
            char next = text.charAt(at);
            if (!isControl(next)) {
                escaped.append(next);
            } else if (next <= 0xFF) {
                escaped.append("\\x%02x".formatted((int) next));
            } else {
                escaped.append("\\u%04x".formatted((int) next));
            }
        }
        return escaped.toString();
    }

    /// A text as a string of JSON, in one line, without half a surrogate pair.
    public static String json(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 16).append('"');
        for (int at = 0; at < text.length(); at++) {
            char next = text.charAt(at);
            switch (next) {
                case '"', '\\' -> quoted.append('\\').append(next);
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (isControl(next) || isHalf(text, at)) {
                        quoted.append("\\u%04x".formatted((int) next));
                    } else {
                        quoted.append(next);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }

    private static boolean isHalf(String text, int at) {
        char here = text.charAt(at);
        if (Character.isHighSurrogate(here)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(here)
                && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }

    private static boolean isControl(char next) {
        return (Character.isISOControl(next) && next != '\n' && next != '\t')
                || next == '\u2028'
                || next == '\u2029';
    }
}
