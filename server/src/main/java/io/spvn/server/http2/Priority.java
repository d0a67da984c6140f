package io.spvn.server.http2;

import io.spvn.server.http.Ascii;

/// How soon a response is wanted (RFC 9218).
///
/// @param urgency 0 is the most urgent, 7 is what can wait for all the others
/// @param shared whether it takes turns with others of its urgency: what the client calls
///   incremental, and what it says nothing of
record Priority(int urgency, boolean shared) {
    static final int LEVELS = 8;

    /// Of a request whose client has said nothing. One alone would be served at a time by the
    /// letter; where nobody has asked for that all get their share.
    static final Priority NONE = new Priority(3, true);

    static final byte[] FIELD = Ascii.bytes("priority");

    /// Reads the value of the field, a dictionary of structured fields (RFC 8941): what is not
    /// understood counts as not said.
    static Priority parse(byte[] text, int from, int to) {
        int urgency = NONE.urgency;
        boolean shared = false;
        int at = from;
        while (at < to) {
            int end = at;
            while (end < to && text[end] != ',') {
                end++;
            }
            int start = at;
            while (start < end && (text[start] == ' ' || text[start] == '\t')) {
                start++;
            }
            if (end - start >= 3 && text[start] == 'u' && text[start + 1] == '=') {
                int digit = text[start + 2] - '0';
                boolean alone = end - start == 3 || isEnd(text[start + 3]);
                urgency = alone && digit >= 0 && digit < LEVELS ? digit : urgency;
            } else if (end > start && text[start] == 'i') {
                shared = incremental(text, start, end, shared);
            }
            at = end + 1;
        }
        return new Priority(urgency, shared);
    }

    private static boolean incremental(byte[] text, int start, int end, boolean before) {
        if (end - start == 1 || isEnd(text[start + 1])) {
            return true;
        }
        if (end - start >= 4 && text[start + 1] == '=' && text[start + 2] == '?') {
            return text[start + 3] == '1';
        }
        return before;
    }

    private static boolean isEnd(byte octet) {
        return octet == ' ' || octet == '\t' || octet == ';';
    }
}
