package io.spvn.server.websocket;

import io.spvn.bridge.asgi.CloseCode;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.exchange.Ledger;
import io.spvn.server.connection.WireBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Puts out what a client is sent, each message as one frame. What it puts out is legal whatever it
/// is called with: once a close frame has gone out nothing follows it, and a frame that cannot be
/// sent is the caller's error.
///
/// One thread at a time, which compresses, and blocks where the wire does. Holds nothing between
/// two calls; what a compressed message takes meanwhile is entered in the ledger, and where there
/// is no room for it the message goes out as it is.
public final class FrameWriter {
    private static final int FIN = 0x80;
    private static final int RSV1 = 0x40;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int MOST_IN_16 = 0xFFFF;
    private static final int MAX_REASON = Opcode.MAX_CONTROL - Short.BYTES;

    private final Ledger ledger;
    private final @Nullable MessageDeflater deflater;
    private boolean closed;

    /// @param deflate what was agreed on, null for no compression; not closed here
    public FrameWriter(Ledger ledger, @Nullable PerMessageDeflate deflate) {
        this.ledger = ledger;
        this.deflater = deflate == null ? null : deflate.deflater();
    }

    /// Puts out a message of text, which is not released.
    ///
    /// @param utf8 is UTF-8, which is not checked again
    /// @return false when it is too late for it
    public boolean text(Payload utf8, WireBuffer out) {
        return message(Opcode.TEXT, utf8, out);
    }

    /// Puts out a message of bytes, which is not released.
    ///
    /// @return false when it is too late for it
    public boolean binary(Payload data, WireBuffer out) {
        return message(Opcode.BINARY, data, out);
    }

    /// Puts out a ping.
    ///
    /// @param data 125 bytes at most
    /// @return false when it is too late for it
    public boolean ping(byte[] data, WireBuffer out) {
        return control(Opcode.PING, data, out);
    }

    /// Puts out a pong.
    ///
    /// @param data of the ping that it answers
    /// @return false when it is too late for it
    public boolean pong(byte[] data, WireBuffer out) {
        return control(Opcode.PONG, data, out);
    }

    /// Puts out a close frame, the last frame of all.
    ///
    /// @param code that may be sent ([CloseCode#mayBeSent]); or 1005, for a frame without one
    /// @param reason is cut where it is too long
    /// @return false when one has gone out before
    public boolean close(int code, String reason, WireBuffer out) {
        boolean none = code == CloseCode.NO_STATUS.code();
        if (!none && !CloseCode.mayBeSent(code)) {
            throw new IllegalArgumentException("close code must not be sent: " + code);
        }
        boolean first = control(Opcode.CLOSE, none ? new byte[0] : closing(code, reason), out);
        closed = true;
        return first;
    }

    /// Whether a close frame has gone out.
    public boolean isClosed() {
        return closed;
    }

    private static byte[] closing(int code, String reason) {
        byte[] utf8 = reason.getBytes(StandardCharsets.UTF_8);
        int length = cut(utf8);
        byte[] payload = new byte[Short.BYTES + length];
        payload[0] = (byte) (code >>> Byte.SIZE);
        payload[1] = (byte) code;
        System.arraycopy(utf8, 0, payload, Short.BYTES, length);
        return payload;
    }

    /// The length up to which a reason fits, without half a character.
    private static int cut(byte[] utf8) {
        int length = Math.min(utf8.length, MAX_REASON);
        while (length < utf8.length && (utf8[length] & 0xC0) == 0x80) {
            length--;
        }
        return length;
    }

    private boolean control(int opcode, byte[] data, WireBuffer out) {
        if (data.length > Opcode.MAX_CONTROL) {
            throw new IllegalArgumentException(
                    "data of a control frame is too long: " + data.length);
        }
        if (closed) {
            return false;
        }
        head(opcode, data.length, out);
        out.put(data);
        return true;
    }

    private boolean message(int opcode, Payload message, WireBuffer out) {
        if (closed) {
            return false;
        }
        if (deflater == null || !compressed(opcode, message, deflater, out)) {
            head(opcode, message.length(), out);
            out.put(message);
        }
        return true;
    }

    private boolean compressed(
            int opcode, Payload message, MessageDeflater deflater, WireBuffer out) {
        var compressed = new MessageBuffer(ledger);
        try {
            boolean done = deflater.deflate(message, compressed);
            if (done) {
                head(RSV1 | opcode, compressed.size(), out);
                out.put(compressed.bytes(), 0, compressed.size());
            }
            return done;
        } finally {
            compressed.drop();
        }
    }

    private static void head(int opcode, long length, WireBuffer out) {
        int more = length < LENGTH_16 ? 0 : length <= MOST_IN_16 ? Short.BYTES : Long.BYTES;
        byte[] head = new byte[Short.BYTES + more];
        head[0] = (byte) (FIN | opcode);
        head[1] =
                (byte)
                        switch (more) {
                            case 0 -> length;
                            case Short.BYTES -> LENGTH_16;
                            default -> LENGTH_64;
                        };
        long rest = length;
        for (int at = head.length - 1; at >= Short.BYTES; at--) {
            head[at] = (byte) rest;
            rest >>>= Byte.SIZE;
        }
        out.put(head);
    }
}
