package io.spvn.server.http1;

import io.spvn.bridge.asgi.HeaderSyntax;
import io.spvn.bridge.asgi.Headers;
import io.spvn.server.http.Ascii;
import io.spvn.server.http.HttpSettings;
import io.spvn.server.http.RequestRules;
import io.spvn.server.http.RequestTarget;
import io.spvn.server.http.Rule;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads request heads, one after the other, in the buffer of the connection's reader, on the
/// reader's thread.
///
/// Each byte is looked at once, however the bytes arrive: the parser remembers where in the grammar
/// it stands, and keeps positions relative to the head, so the caller may move the bytes between
/// two calls. Limits are checked before bytes beyond them are looked at, so that how a head is cut
/// into reads never changes the answer. After an [HttpError] the connection and this parser are
/// done.
final class HeadParser {
    private static final int MAX_EMPTY_LINES = 4;
    private static final int CRLF = 2;

    /// What the next byte belongs to.
    private enum Step {
        LINE,
        EMPTY_LINE_LF,
        METHOD,
        TARGET,
        VERSION,
        LINE_LF,
        FIELD,
        NAME,
        GAP,
        VALUE,
        VALUE_LF,
        HEAD_LF,
        DONE
    }

    private final int maxLine;
    private final int maxBytes;
    private final int maxFields;

    private Step step = Step.LINE;

    /// How many bytes have been looked at, and which of them is the head's first; both counted from
    /// `from`.
    private int seen;

    private int start;

    /// The index of the head's first byte during a call. All positions below are relative to it.
    private int base;

    private int allowed;
    private int emptyLines;
    private int methodEnd;
    private int targetEnd;
    private boolean http10;
    private final FieldBounds fields = new FieldBounds();
    private @Nullable RequestHead head;

    private static final int MAX_LINE = 16 * 1024;

    /// What the server lets clients send.
    HeadParser(HttpSettings settings) {
        this(MAX_LINE, settings.maxHead(), settings.maxFields());
    }

    /// At most `maxLine` bytes of request line, and `maxFields` fields in a head of `maxBytes`
    /// bytes from the request line to the empty line.
    HeadParser(int maxLine, int maxBytes, int maxFields) {
        this.maxLine = maxLine;
        this.maxBytes = maxBytes;
        this.maxFields = maxFields;
        restart();
    }

    /// Looks at the bytes that are new since the last call. `from` is where the connection stands:
    /// the same byte in every call until a head is complete.
    ///
    /// @return the index after the head, or -1 when more bytes are needed
    int parse(byte[] buffer, int from, int to) {
        if (step == Step.DONE) {
            restart();
        }
        base = from + start;
        int at = from + seen;
        while (step != Step.DONE && at < Math.min(to, base + allowed)) {
            at = advance(buffer, at, Math.min(to, base + allowed));
        }
        seen = at - from;
        if (step == Step.DONE) {
            head = cut(buffer, at);
            return at;
        }
        requireRoom(at);
        return -1;
    }

    /// The head that [#parse] has just completed.
    RequestHead head() {
        if (head == null) {
            throw new IllegalStateException("no request head is complete");
        }
        return head;
    }

    private void restart() {
        step = Step.LINE;
        seen = 0;
        start = 0;
        allowed = Math.min(maxLine + CRLF, maxBytes);
        emptyLines = 0;
        fields.clear();
        head = null;
    }

    private void requireRoom(int at) {
        if (at == base + allowed) {
            boolean inLine = step.compareTo(Step.FIELD) < 0;
            throw (inLine ? HeadRules.LINE_TOO_LONG : RequestRules.HEAD_TOO_LARGE).error();
        }
    }

    /// Consumes a run of bytes of one kind, or one byte between two runs.
    private int advance(byte[] buffer, int at, int end) {
        return switch (step) {
            case LINE -> line(buffer, at);
            case EMPTY_LINE_LF -> emptyLine(buffer, at);
            case METHOD -> method(buffer, at, end);
            case TARGET -> target(buffer, at, end);
            case VERSION -> version(buffer, at, end);
            case LINE_LF -> lineEnd(buffer, at);
            case FIELD -> field(buffer, at);
            case NAME -> name(buffer, at, end);
            case GAP -> gap(buffer, at, end);
            case VALUE -> value(buffer, at, end);
            case VALUE_LF -> lineFeed(buffer, at, Step.FIELD);
            case HEAD_LF -> lineFeed(buffer, at, Step.DONE);
            case DONE -> at;
        };
    }

    private int line(byte[] buffer, int at) {
        if (buffer[at] == '\r') {
            step = Step.EMPTY_LINE_LF;
            return at + 1;
        }
        step = Step.METHOD;
        return at;
    }

    private int emptyLine(byte[] buffer, int at) {
        int next = lineFeed(buffer, at, Step.LINE);
        if (++emptyLines > MAX_EMPTY_LINES) {
            throw HeadRules.EMPTY_LINES.error();
        }
        start += next - base;
        base = next;
        return next;
    }

    private int method(byte[] buffer, int at, int end) {
        int stop = HeaderSyntax.tokenEnd(buffer, at, end);
        if (stop == end) {
            return stop;
        }
        if (buffer[stop] != ' ' || stop == base) {
            throw lineBreak(buffer[stop], HeadRules.REQUEST_LINE, HeadRules.METHOD).error();
        }
        methodEnd = stop - base;
        step = Step.TARGET;
        return stop + 1;
    }

    private int target(byte[] buffer, int at, int end) {
        int stop = RequestTarget.end(buffer, at, end);
        if (stop == end) {
            return stop;
        }
        targetEnd = stop - base;
        if (buffer[stop] == '#') {
            throw RequestRules.TARGET_FRAGMENT.error();
        }
        if (buffer[stop] != ' ') {
            throw lineBreak(buffer[stop], HeadRules.REQUEST_LINE, RequestRules.TARGET_CONTROL)
                    .error();
        }
        if (targetEnd == methodEnd + 1) {
            throw HeadRules.REQUEST_LINE.error();
        }
        step = Step.VERSION;
        return stop + 1;
    }

    private int version(byte[] buffer, int at, int end) {
        int stop = HeaderSyntax.valueEnd(buffer, at, end);
        if (stop == end) {
            return stop;
        }
        if (buffer[stop] != '\r') {
            throw lineBreak(buffer[stop], HeadRules.BARE_CR, HeadRules.VERSION_SYNTAX).error();
        }
        http10 = HttpVersion.isHttp10(buffer, base + targetEnd + 1, stop);
        step = Step.LINE_LF;
        return stop + 1;
    }

    private int lineEnd(byte[] buffer, int at) {
        allowed = maxBytes;
        return lineFeed(buffer, at, Step.FIELD);
    }

    private int field(byte[] buffer, int at) {
        byte first = buffer[at];
        if (first == '\r') {
            step = Step.HEAD_LF;
            return at + 1;
        }
        if (Ascii.isBlank(first)) {
            throw (fields.count() == 0 ? HeadRules.SPACE_BEFORE_FIELDS : HeadRules.OBS_FOLD)
                    .error();
        }
        if (fields.count() == maxFields) {
            throw RequestRules.TOO_MANY_FIELDS.error();
        }
        fields.mark(at - base);
        step = Step.NAME;
        return at;
    }

    private int name(byte[] buffer, int at, int end) {
        int stop = HeaderSyntax.tokenEnd(buffer, at, end);
        if (stop == end) {
            return stop;
        }
        if (buffer[stop] != ':') {
            throw badName(buffer[stop]).error();
        }
        if (stop - base == fields.lastMark()) {
            throw HeadRules.NAME_EMPTY.error();
        }
        fields.mark(stop - base);
        step = Step.GAP;
        return stop + 1;
    }

    private static Rule badName(byte octet) {
        return Ascii.isBlank(octet)
                ? HeadRules.SPACE_BEFORE_COLON
                : lineBreak(octet, HeadRules.NO_COLON, HeadRules.NAME_SYNTAX);
    }

    private int gap(byte[] buffer, int at, int end) {
        int next = at;
        while (next < end && Ascii.isBlank(buffer[next])) {
            next++;
        }
        if (next < end) {
            fields.mark(next - base);
            step = Step.VALUE;
        }
        return next;
    }

    private int value(byte[] buffer, int at, int end) {
        int stop = HeaderSyntax.valueEnd(buffer, at, end);
        if (stop == end) {
            return stop;
        }
        if (buffer[stop] != '\r') {
            throw lineBreak(buffer[stop], HeadRules.BARE_CR, HeadRules.VALUE_CONTROL).error();
        }
        fields.mark(trimmed(buffer, stop) - base);
        step = Step.VALUE_LF;
        return stop + 1;
    }

    private int trimmed(byte[] buffer, int end) {
        int first = base + fields.lastMark();
        int last = end;
        while (last > first && Ascii.isBlank(buffer[last - 1])) {
            last--;
        }
        return last;
    }

    private int lineFeed(byte[] buffer, int at, Step next) {
        if (buffer[at] != '\n') {
            throw HeadRules.BARE_CR.error();
        }
        step = next;
        return at + 1;
    }

    /// Which rule an octet breaks that ends a run too early.
    private static Rule lineBreak(byte octet, Rule onCr, Rule otherwise) {
        return switch (octet) {
            case '\n' -> HeadRules.BARE_LF;
            case '\r' -> onCr;
            default -> otherwise;
        };
    }

    private RequestHead cut(byte[] buffer, int end) {
        Headers headers = fields.over(Arrays.copyOfRange(buffer, base, end));
        return new RequestHead(headers, methodEnd, targetEnd, http10);
    }
}
