package io.spvn.bridge.process;

import io.spvn.bridge.process.Message.Up;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a child says: batches as its Python side makes them.
final class Said {
    private static final int HEAD = 9; // before the messages of the writer's own batch

    private final MarshalWriter out = new MarshalWriter();
    private int messages;

    Said() {
        out.begin();
    }

    static Said that(Up kind, @Nullable Object... items) {
        return new Said().and(kind, items);
    }

    @SuppressWarnings("EnumOrdinal") // the numbers are the order, on both sides
    Said and(Up kind, @Nullable Object... items) {
        messages++;
        out.list(items.length + 1);
        out.integer(kind.ordinal());
        for (Object item : items) {
            switch (item) {
                case null -> out.none();
                case byte[] bytes -> out.bytes(bytes, 0, bytes.length);
                default -> out.value(item);
            }
        }
        return this;
    }

    /// The marshal data.
    byte[] data(int begun) {
        byte[] said = Arrays.copyOfRange(out.array(), HEAD, out.size());
        return ByteBuffer.allocate(15 + said.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) '(')
                .putInt(2)
                .put((byte) 'i')
                .putInt(begun)
                .put((byte) '[')
                .putInt(messages)
                .put(said)
                .array();
    }

    /// The same with its length.
    byte[] batch(int begun) {
        return framed(data(begun));
    }

    static byte[] framed(byte[] data) {
        return number(data.length).put(data).array();
    }

    static byte[] piece(int body, byte[] data) {
        return ByteBuffer.allocate(2 * Integer.BYTES + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(data.length | 0x80000000)
                .putInt(body)
                .put(data)
                .array();
    }

    private static ByteBuffer number(int length) {
        return ByteBuffer.allocate(Integer.BYTES + length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(length);
    }
}
