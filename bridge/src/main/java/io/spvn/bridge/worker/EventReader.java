package io.spvn.bridge.worker;

import io.spvn.bridge.asgi.AsgiViolation;
import io.spvn.bridge.asgi.HeaderSyntax;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.asgi.ResponseRules;
import io.spvn.bridge.python.CPython;
import io.spvn.bridge.python.PythonException;
import io.spvn.bridge.python.Values;
import java.util.Arrays;

/// Reads the events that an app gives to `send()`, and refuses what no client could understand.
///
/// Header blocks and bodies are copied out of Python at once, except a large body, which is pinned
/// instead. Worker thread only; borrows what it reads.
final class EventReader {
    private static final int PIN_FROM = 64 * 1024;
    private static final long START = CPython.constant("http.response.start");
    private static final long BODY = CPython.constant("http.response.body");

    private final Names names;
    private final Inbox inbox;

    // The strings last seen for each type: apps send the same object again and again.
    private long startType;
    private long bodyType;

    // The header block of the event in hand, reused from event to event.
    private byte[] block = new byte[1024];
    private int[] bounds = new int[64];
    private int blockSize;

    EventReader(Names names, Inbox inbox) {
        this.names = names;
        this.inbox = inbox;
    }

    /// The event in `message`.
    ///
    /// @throws AsgiViolation when it is not an event of HTTP, or lacks what it must have
    /// @throws PythonException when a value is of the wrong type
    Outbound read(long message) {
        if (!CPython.isInstance(message, CPython.DICT_TYPE)) {
            throw wrongType("an ASGI event must be a dict");
        }
        long type = get(message, names.type);
        if (type != 0 && type == startType) {
            return start(message);
        }
        if (type != 0 && type == bodyType) {
            return body(message);
        }
        return byValue(message, type);
    }

    private Outbound byValue(long message, long type) {
        if (type == 0 || !CPython.isInstance(type, CPython.UNICODE_TYPE)) {
            throw new AsgiViolation("ASGI event without a 'type'");
        }
        if (CPython.unicodeCompare(type, START) == 0) {
            startType = keep(type, startType);
            return start(message);
        }
        if (CPython.unicodeCompare(type, BODY) == 0) {
            bodyType = keep(type, bodyType);
            return body(message);
        }
        throw new AsgiViolation("Unexpected ASGI message '" + Values.string(type) + "'");
    }

    private Outbound start(long message) {
        long status = get(message, names.status);
        if (status == 0) {
            throw new AsgiViolation("'http.response.start' without 'status'");
        }
        if (!CPython.isInt(status)) {
            throw wrongType("'status' must be an int");
        }
        long value = CPython.longAsLong(status);
        if (value == -1 && CPython.errOccurred() != 0) {
            CPython.errClear();
        }
        int code = Math.clamp(value, -1, Integer.MAX_VALUE);
        ResponseRules.requireStatus(code);
        return new Outbound.ResponseStart(code, headers(get(message, names.headers)));
    }

    private Outbound body(long message) {
        boolean more = truth(get(message, names.moreBody));
        return new Outbound.ResponseBody(payload(get(message, names.body)), more);
    }

    private Payload payload(long body) {
        if (body == 0) {
            return Payload.EMPTY;
        }
        if (CPython.isInstance(body, CPython.BYTES_TYPE)) {
            return bytes(body);
        }
        if (CPython.checkBuffer(body) == 0) {
            throw wrongType("'body' must be bytes");
        }
        long copy = Values.require(CPython.bytesFromObject(body));
        try {
            return bytes(copy);
        } finally {
            CPython.decRef(copy);
        }
    }

    private Payload bytes(long object) {
        int size = Math.toIntExact(CPython.bytesSize(object));
        if (size == 0) {
            return Payload.EMPTY;
        }
        if (size >= PIN_FROM) {
            return new PinnedBytes(object, size, inbox);
        }
        byte[] copy = new byte[size];
        CPython.read(CPython.bytesAddress(object), copy, 0, size);
        return Payload.of(copy);
    }

    private Headers headers(long iterable) {
        if (iterable == 0) {
            return Headers.EMPTY;
        }
        long fields = Values.require(CPython.sequenceTuple(iterable));
        try {
            int count = Math.toIntExact(CPython.tupleSize(fields));
            blockSize = 0;
            bounds = bounds.length < 4 * count ? new int[4 * count] : bounds;
            for (int i = 0; i < count; i++) {
                field(CPython.tupleGetBorrowed(fields, i), 4 * i);
            }
            return built(count);
        } finally {
            CPython.decRef(fields);
        }
    }

    private void field(long item, int at) {
        long pair = Values.require(CPython.sequenceTuple(item));
        try {
            if (CPython.tupleSize(pair) != 2) {
                throw wrongType("a header must be a pair of name and value");
            }
            append(CPython.tupleGetBorrowed(pair, 0), at, "a header name must be bytes");
            append(CPython.tupleGetBorrowed(pair, 1), at + 2, "a header value must be bytes");
        } finally {
            CPython.decRef(pair);
        }
        HeaderSyntax.requireName(block, bounds[at], bounds[at + 1]);
        HeaderSyntax.requireValue(block, bounds[at + 2], bounds[at + 3]);
        HeaderSyntax.lowerCase(block, bounds[at], bounds[at + 1]);
    }

    private void append(long object, int at, String complaint) {
        if (!CPython.isInstance(object, CPython.BYTES_TYPE)) {
            throw wrongType(complaint);
        }
        int size = Math.toIntExact(CPython.bytesSize(object));
        if (block.length - blockSize < size) {
            block = Arrays.copyOf(block, Math.max(2 * block.length, blockSize + size));
        }
        CPython.read(CPython.bytesAddress(object), block, blockSize, size);
        bounds[at] = blockSize;
        blockSize += size;
        bounds[at + 1] = blockSize;
    }

    private Headers built(int count) {
        Headers.Builder headers = Headers.over(Arrays.copyOf(block, blockSize), count);
        for (int i = 0; i < 4 * count; i += 4) {
            headers.field(bounds[i], bounds[i + 1], bounds[i + 2], bounds[i + 3]);
        }
        return headers.build();
    }

    private static boolean truth(long object) {
        if (object == 0 || object == CPython.FALSE) {
            return false;
        }
        if (object == CPython.TRUE) {
            return true;
        }
        int truth = CPython.isTrue(object);
        if (truth < 0) {
            throw PythonException.pending();
        }
        return truth != 0;
    }

    /// Borrowed, 0 when absent.
    private static long get(long dict, long key) {
        long value = CPython.dictGetBorrowed(dict, key);
        if (value == 0 && CPython.errOccurred() != 0) {
            throw PythonException.pending();
        }
        return value;
    }

    private static long keep(long object, long instead) {
        CPython.incRef(object);
        if (instead != 0) {
            CPython.decRef(instead);
        }
        return object;
    }

    private static PythonException wrongType(String message) {
        return new PythonException(CPython.TYPE_ERROR, message);
    }
}
