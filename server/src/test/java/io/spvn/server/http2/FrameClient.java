package io.spvn.server.http2;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A client that sends frames as the test says, and does nothing by itself but to read them.
final class FrameClient {
    private static final int PATIENCE_MILLIS = 5000;

    private final Socket socket;
    private final DataInputStream in;
    private final HpackDecoder decoder = new HpackDecoder(4096);
    private final HpackEncoder encoder = new HpackEncoder(0);

    FrameClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS); // a read is not interrupted
        this.in = new DataInputStream(socket.getInputStream());
    }

    /// A frame that was received.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Frame(int type, int flags, int stream, byte[] payload) {
        boolean is(int flag) {
            return (flags & flag) != 0;
        }

        int int32(int at) {
            return ByteBuffer.wrap(payload).getInt(at);
        }

        String text() {
            return new String(payload, US_ASCII);
        }
    }

    void raw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /// The preface, with settings: pairs of identifier and value.
    void greet(int... settings) throws IOException {
        raw(Preface.BYTES);
        settings(settings);
    }

    void settings(int... pairs) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(pairs.length / 2 * 6);
        for (int at = 0; at < pairs.length; at += 2) {
            payload.putShort((short) pairs[at]).putInt(pairs[at + 1]);
        }
        frame(FrameType.SETTINGS, 0, 0, payload.array());
    }

    void frame(int type, int flags, int stream, byte... payload) throws IOException {
        raw(bytes(type, flags, stream, payload));
    }

    static byte[] bytes(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    static byte[] int32(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /// A field block: names and values in turn.
    byte[] block(String... fields) {
        Block block = new Block();
        encoder.begin(block);
        for (int at = 0; at < fields.length; at += 2) {
            encoder.field(fields[at].getBytes(US_ASCII), fields[at + 1].getBytes(US_ASCII), false);
        }
        return Arrays.copyOf(block.array(), block.length());
    }

    byte[] request(String method, String... more) {
        String[] all = new String[8 + more.length];
        System.arraycopy(
                new String[] {
                    ":method", method, ":scheme", "http", ":path", "/", ":authority", "a"
                },
                0,
                all,
                0,
                8);
        System.arraycopy(more, 0, all, 8, more.length);
        return block(all);
    }

    /// A whole request without a body.
    void get(int stream, String... more) throws IOException {
        frame(
                FrameType.HEADERS,
                Flags.END_HEADERS | Flags.END_STREAM,
                stream,
                request("GET", more));
    }

    /// A request whose body is to come.
    void post(int stream, String... more) throws IOException {
        frame(FrameType.HEADERS, Flags.END_HEADERS, stream, request("POST", more));
    }

    void windowUpdate(int stream, int increment) throws IOException {
        frame(FrameType.WINDOW_UPDATE, 0, stream, int32(increment));
    }

    /// The next frame, null at the end of the connection.
    @Nullable Frame read() throws IOException {
        try {
            int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = new byte[length];
            in.readFully(payload);
            return new Frame(type, flags, stream, payload);
        } catch (EOFException | SocketException end) {
            return null;
        }
    }

    /// The next frame of a type; others are passed over.
    Frame await(int type) throws IOException {
        Frame next = read();
        while (next != null && next.type() != type) {
            next = read();
        }
        assertNotNull(next, "the connection has ended before a frame of type " + type);
        return next;
    }

    /// The fields of a head.
    Map<String, String> fields(Frame head) {
        Map<String, String> fields = new LinkedHashMap<>();
        try {
            decoder.decode(
                    head.payload(),
                    0,
                    head.payload().length,
                    (name, value) ->
                            fields.put(new String(name, US_ASCII), new String(value, US_ASCII)));
        } catch (HpackError error) {
            throw new AssertionError(error);
        }
        return fields;
    }
}
