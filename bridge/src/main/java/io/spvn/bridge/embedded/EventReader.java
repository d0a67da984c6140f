package io.spvn.bridge.embedded;

import io.spvn.bridge.asgi.AsgiViolation;
import io.spvn.bridge.asgi.CloseCode;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.asgi.ResponseRules;
import io.spvn.bridge.python.CPython;
import io.spvn.bridge.python.PythonException;
import io.spvn.bridge.python.Utf8Encoder;
import io.spvn.bridge.python.Values;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Reads the events that an app gives to `send()`, and refuses what no client could understand.
///
/// Header blocks, bodies and messages are copied out of Python at once, except what is large, which
/// is pinned instead. Worker thread only; borrows what it reads.
final class EventReader {
    private static final int PIN_FROM = 64 * 1024;
    private static final long START = CPython.constant("http.response.start");
    private static final long BODY = CPython.constant("http.response.body");
    private static final long SEND = CPython.constant("websocket.send");
    private static final long ACCEPT = CPython.constant("websocket.accept");
    private static final long CLOSE = CPython.constant("websocket.close");
    private static final long DENIAL_START = CPython.constant("websocket.http.response.start");
    private static final long DENIAL_BODY = CPython.constant("websocket.http.response.body");

    private final Names names;
    private final ExtensionReader extensions;
    private final LongConsumer giveBack;
    private final Utf8Encoder encoder = new Utf8Encoder();

    // The strings last seen for each type: apps send the same object again and again.
    private long startType;
    private long bodyType;
    private long sendType;

    // Reused from event to event; null while in use.
    private @Nullable HeaderBlock block;

    /// @param giveBack takes the references of what is large, once it is written; for any thread
    EventReader(Names names, LongConsumer giveBack) {
        this.names = names;
        this.extensions = new ExtensionReader(names);
        this.giveBack = giveBack;
    }

    /// The event in `message`.
    ///
    /// @throws AsgiViolation when it is not an event of HTTP or WebSocket, or lacks what it must
    ///   have
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
        if (type != 0 && type == sendType) {
            return message(message);
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
        if (CPython.unicodeCompare(type, SEND) == 0) {
            sendType = keep(type, sendType);
            return message(message);
        }
        return rare(message, type);
    }

    private Outbound rare(long message, long type) {
        if (CPython.unicodeCompare(type, ACCEPT) == 0) {
            return new Outbound.Accept(
                    textOrNone(message, names.subprotocol, "subprotocol"),
                    headers(get(message, names.headers)));
        }
        if (CPython.unicodeCompare(type, CLOSE) == 0) {
            return close(message);
        }
        if (CPython.unicodeCompare(type, DENIAL_START) == 0) {
            Outbound.ResponseStart start = start(message);
            return new Outbound.DenialStart(
                    new Outbound.ResponseStart(start.status(), start.headers()));
        }
        if (CPython.unicodeCompare(type, DENIAL_BODY) == 0) {
            return new Outbound.DenialBody(body(message));
        }
        Outbound event = extensions.read(message, type);
        if (event == null) {
            throw new AsgiViolation("Unexpected ASGI message '" + Values.string(type) + "'");
        }
        return event;
    }

    /// A message has either bytes or a text; None is as good as nothing.
    private Outbound message(long message) {
        long bytes = present(message, names.bytes);
        long text = present(message, names.text);
        if ((bytes == 0) == (text == 0)) {
            throw new AsgiViolation("'websocket.send' with both or neither of 'bytes' and 'text'");
        }
        if (bytes != 0) {
            return new Outbound.Message(payload(bytes, "'bytes' must be bytes"), false);
        }
        requireText(text, "text");
        long address = encoder.address(text);
        return new Outbound.Message(payload(text, address, encoder.length()), true);
    }

    private Outbound close(long message) {
        long code = present(message, names.code);
        String reason = textOrNone(message, names.reason, "reason");
        return new Outbound.Close(
                code == 0 ? CloseCode.NORMAL.code() : integer(code, "code"),
                reason == null ? "" : reason);
    }

    private @Nullable String textOrNone(long message, long key, String name) {
        long text = present(message, key);
        if (text == 0) {
            return null;
        }
        requireText(text, name);
        return Values.string(text);
    }

    private static void requireText(long object, String name) {
        if (!CPython.isInstance(object, CPython.UNICODE_TYPE)) {
            throw wrongType("'" + name + "' must be a str");
        }
    }

    /// Borrowed, 0 when absent or None.
    private static long present(long message, long key) {
        long value = get(message, key);
        return value == CPython.NONE ? 0 : value;
    }

    private static int integer(long object, String name) {
        if (!CPython.isInt(object)) {
            throw wrongType("'" + name + "' must be an int");
        }
        long value = CPython.longAsLong(object);
        if (value == -1 && CPython.errOccurred() != 0) {
            CPython.errClear();
        }
        return Math.clamp(value, -1, Integer.MAX_VALUE);
    }

    private Outbound.ResponseStart start(long message) {
        long status = get(message, names.status);
        if (status == 0) {
            throw new AsgiViolation("'http.response.start' without 'status'");
        }
        int code = integer(status, "status");
        ResponseRules.requireStatus(code);
        return new Outbound.ResponseStart(
                code, headers(get(message, names.headers)), truth(get(message, names.trailers)));
    }

    private Outbound.ResponseBody body(long message) {
        boolean more = truth(get(message, names.moreBody));
        Payload body = payload(get(message, names.body), "'body' must be bytes");
        return new Outbound.ResponseBody(body, more);
    }

    private Payload payload(long body, String complaint) {
        if (body == 0) {
            return Payload.EMPTY;
        }
        if (CPython.isInstance(body, CPython.BYTES_TYPE)) {
            return bytes(body);
        }
        if (CPython.checkBuffer(body) == 0) {
            throw wrongType(complaint);
        }
        long copy = Values.require(CPython.bytesFromObject(body));
        try {
            return bytes(copy);
        } finally {
            CPython.decRef(copy);
        }
    }

    private Payload bytes(long object) {
        return payload(object, CPython.bytesAddress(object), CPython.bytesSize(object));
    }

    /// What an object that never changes has at an address.
    private Payload payload(long object, long address, long length) {
        if (length == 0) {
            return Payload.EMPTY;
        }
        if (length >= PIN_FROM) {
            return new PinnedMemory(object, address, length, giveBack);
        }
        byte[] copy = new byte[(int) length];
        CPython.read(address, copy, 0, copy.length);
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

    static boolean truth(long object) {
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
    static long get(long dict, long key) {
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
