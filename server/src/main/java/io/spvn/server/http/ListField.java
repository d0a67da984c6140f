package io.spvn.server.http;

import io.spvn.bridge.asgi.Headers;

/// The members of a comma-separated field over all its lines (RFC 9110 5.6.1), one after the other,
/// without surrounding whitespace and without a copy. For fields whose members are tokens.
public final class ListField {
    private final Headers headers;
    private final byte[] name;
    private int line = -1;
    private boolean lineOpen;
    private int rest;
    private int from;
    private int to;

    public ListField(Headers headers, byte[] name) {
        this.headers = headers;
        this.name = name;
    }

    /// Whether a list has `member`, given in lower case; the list's own case does not matter.
    public static boolean contains(Headers headers, byte[] name, byte[] member) {
        var list = new ListField(headers, name);
        while (list.next()) {
            if (list.is(member)) {
                return true;
            }
        }
        return false;
    }

    /// Steps to the next member, which may be empty; false after the last one.
    public boolean next() {
        if (!lineOpen && !nextLine()) {
            return false;
        }
        int end = headers.valueEnd(line);
        int comma = Ascii.indexOf((byte) ',', headers.block(), rest, end);
        trim(rest, comma);
        rest = comma + 1;
        lineOpen = comma < end;
        return true;
    }

    public boolean is(byte[] member) {
        return Ascii.equalsIgnoreCase(headers.block(), from, to, member);
    }

    public int from() {
        return from;
    }

    public int to() {
        return to;
    }

    private boolean nextLine() {
        int next = line == headers.size() ? -1 : headers.find(name, line + 1);
        line = next < 0 ? headers.size() : next;
        if (next < 0) {
            return false;
        }
        rest = headers.valueStart(line);
        return true;
    }

    private void trim(int start, int end) {
        byte[] block = headers.block();
        from = start;
        to = end;
        while (from < to && Ascii.isBlank(block[from])) {
            from++;
        }
        while (to > from && Ascii.isBlank(block[to - 1])) {
            to--;
        }
    }
}
