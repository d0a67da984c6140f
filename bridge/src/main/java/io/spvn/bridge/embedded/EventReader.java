package io.spvn.bridge.embedded;

import io.spvn.bridge.asgi.AsgiViolation;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.asgi.ResponseRules;
import io.spvn.bridge.python.CPython;
import io.spvn.bridge.python.PythonException;
import io.spvn.bridge.python.Values;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Reads the events that an app gives to `send()`, and refuses what no client could understand.
///
/// Header blocks and bodies are copied out of Python at once, except a large body, which is pinned
/// instead. Worker thread only; borrows what it reads.
final class EventReader {
    private static final int PIN_FROM = 64 * 1024;
    private static final long START = CPython.constant("http.response.start");
    private static final long BODY = CPython.constant("http.response.body");

    private final Names names;
    private final LongConsumer giveBack;

    // The strings last seen for each type: apps send the same object again and again.
    private long startType;
    private long bodyType;

    // Reused from event to event; null while in use.
    private @Nullable HeaderBlock block;

    /// @param giveBack takes the references of large bodies once they are written; for any thread
    EventReader(Names names, LongConsumer giveBack) {
        this.names = names;
        this.giveBack = giveBack;
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
        long length = CPython.bytesSize(object);
        if (length == 0) {
            return Payload.EMPTY;
        }
        if (length >= PIN_FROM) {
            return new PinnedBytes(object, length, giveBack);
        }
        byte[] copy = new byte[(int) length];
        CPython.read(CPython.bytesAddress(object), copy, 0, copy.length);
        return Payload.of(copy);
    }

    private Headers headers(long iterable) {
        if (iterable == 0) {
            return Headers.EMPTY;
        }
        HeaderBlock taken = block == null ? new HeaderBlock() : block;
        block = null; // reading runs the app's code, which may send another event
        CPython.incRef(iterable);
        try {
            return taken.read(iterable);
        } finally {
            CPython.decRef(iterable);
            block = taken;
        }
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

    static PythonException wrongType(String message) {
        return new PythonException(CPython.TYPE_ERROR, message);
    }
}
