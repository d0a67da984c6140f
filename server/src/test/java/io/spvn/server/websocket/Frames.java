package io.spvn.server.websocket;

import io.spvn.server.connection.Octets;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// Frames of clients for tests, and what a reader makes of them.
final class Frames {
    static final int FIN = 0x80;
    static final int RSV1 = 0x40;
    static final int RSV2 = 0x20;
    static final int RSV3 = 0x10;
    static final int MASK = 0x37FA213D;

    private Frames() {}

    /// A masked frame whose length is as short as can be.
    static byte[] frame(int first, byte[] payload) {
        return frame(first, payload, MASK);
    }

    static byte[] frame(int first, String payload) {
        return frame(first, Octets.of(payload));
    }

    static byte[] frame(int first, byte[] payload, int mask) {
        int length = payload.length;
        int octets = length < 126 ? 0 : length <= 0xFFFF ? 2 : 8;
        return frame(first, length, octets, payload, mask);
    }

    /// A masked frame that says of itself what it is told.
    static byte[] frame(int first, long length, int octets, byte[] payload, int mask) {
        var frame = new ByteArrayOutputStream();
        frame.write(first);
        frame.write(0x80 | (octets == 0 ? (int) length : octets == 2 ? 126 : 127));
        number(frame, length, octets);
        number(frame, mask & 0xFFFF_FFFFL, 4);
        for (int i = 0; i < payload.length; i++) {
            frame.write(payload[i] ^ mask >>> (24 - 8 * (i % 4)));
        }
        return frame.toByteArray();
    }

    private static void number(ByteArrayOutputStream out, long number, int octets) {
        for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
            out.write((int) (number >>> shift));
        }
    }

    static byte[] joined(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /// All that is received, shown.
    static List<String> all(FrameReader reader, byte[] bytes) {
        return all(reader, bytes, _ -> bytes.length);
    }

    /// All that is received of bytes that come in pieces.
    ///
    /// @param pieceAt how long the piece is that begins there
    static List<String> all(FrameReader reader, byte[] bytes, IntUnaryOperator pieceAt) {
        List<String> received = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int to = (int) Math.min(bytes.length, (long) at + pieceAt.applyAsInt(at));
            Received next;
            while ((next = reader.read(bytes, at, to)) != null) {
                received.add(shown(next));
                at = reader.position();
            }
            if (reader.position() != to) {
                throw new AssertionError("not all was taken");
            }
            at = to;
        }
        return received;
    }

    static String shown(Received received) {
        return switch (received) {
            case Received.Text(byte[] utf8) -> "text " + Octets.text(utf8);
            case Received.Binary(byte[] data) -> "binary " + Octets.text(data);
            case Received.Ping(byte[] data) -> "ping " + Octets.text(data);
            case Received.Pong(byte[] data) -> "pong " + Octets.text(data);
            case Received.Close(int code, String reason) -> "close " + code + " " + reason;
            case Received.Failure(FrameRules rule) -> rule.name();
        };
    }
}
