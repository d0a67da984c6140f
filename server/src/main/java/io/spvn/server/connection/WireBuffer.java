package io.spvn.server.connection;

import io.spvn.bridge.asgi.FileRange;
import io.spvn.bridge.asgi.Payload;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Collects what goes to one connection, so that a small response is one write. Of fixed size: when
/// it is full it is written out. Belongs to one responder thread at a time, between [#attach] and
/// [#detach].
public final class WireBuffer {
    private static final int MAX_DIGITS = 20;
    private static final int LARGE = 16 * 1024;
    private static final int MOST_AT_ONCE = 1 << 20;

    private final byte[] buffer;
    private int size;
    private @Nullable Sink sink;

    /// Where full buffers go. When it returns the bytes are written, and the array is free again.
    @FunctionalInterface
    public interface Sink {
        void write(byte[] bytes, int length);

        /// Likewise for bytes that lie elsewhere.
        default void write(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            write(copy, copy.length);
        }

        /// Likewise for bytes of a file, from its byte `from` on.
        default void write(FileRange file, long from, long count) {
            byte[] copy = new byte[(int) Math.min(count, LARGE)];
            for (long done = 0; done < count; done += copy.length) {
                int piece = (int) Math.min(copy.length, count - done);
                file.copyTo(from + done, copy, 0, piece);
                write(copy, piece);
            }
        }
    }

    public WireBuffer(int capacity) {
        if (capacity < MAX_DIGITS) {
            throw new IllegalArgumentException("capacity is too small: " + capacity);
        }
        buffer = new byte[capacity];
    }

    public void attach(Sink sink) {
        if (this.sink != null) {
            throw new IllegalStateException("this buffer is attached already");
        }
        this.sink = Objects.requireNonNull(sink, "sink is null");
    }

    /// Forgets the sink, and with it what has not been flushed.
    public void detach() {
        sink = null;
        size = 0;
    }

    public void put(byte[] bytes) {
        put(bytes, 0, bytes.length);
    }

    public void put(byte[] bytes, int from, int length) {
        int done = 0;
        while (done < length) {
            int piece = Math.min(length - done, room());
            System.arraycopy(bytes, from + done, buffer, size, piece);
            size += piece;
            done += piece;
        }
    }

    public void put(Payload payload) {
        put(payload, payload.length());
    }

    /// Puts the first `length` bytes of a payload, which is not released. What is large is written
    /// at once, as it lies; but the beginning, which goes out with what has been put before.
    public void put(Payload payload, long length) {
        long done = copy(payload, 0, Math.min(length, room()));
        while (done < length) {
            long left = length - done;
            if (left >= LARGE && payload instanceof FileRange file) {
                flush();
                attached().write(file, done, left);
                return;
            }
            int most = (int) Math.min(left, MOST_AT_ONCE);
            ByteBuffer view = left < LARGE ? null : payload.view(done, most);
            if (view == null) {
                done += copy(payload, done, Math.min(left, room()));
            } else {
                flush();
                attached().write(view);
                done += most;
            }
        }
    }

    /// Puts some bytes of a payload, which is not released, into the buffer itself, however many
    /// they are.
    public void putCopy(Payload payload, long from, int length) {
        int done = 0;
        while (done < length) {
            done += (int) copy(payload, from + done, Math.min(length - done, room()));
        }
    }

    /// Bytes that wait in the buffer.
    public int size() {
        return size;
    }

    private long copy(Payload payload, long from, long count) {
        payload.copyTo(from, buffer, size, (int) count);
        size += (int) count;
        return count;
    }

    /// Puts a number that is not negative, in decimal digits.
    public void putDecimal(long number) {
        reserve(MAX_DIGITS);
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        long rest = number;
        for (int at = size + digits - 1; at >= size; at--) {
            buffer[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
    }

    /// Puts a number in lower-case hexadecimal digits.
    public void putHex(long number) {
        reserve(MAX_DIGITS);
        int digits = Math.max(1, (67 - Long.numberOfLeadingZeros(number)) / 4);
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            buffer[size++] = (byte) Character.forDigit((int) (number >>> shift) & 0xF, 16);
        }
    }

    /// Writes out what has been put.
    public void flush() {
        if (size > 0) {
            int length = size;
            size = 0;
            attached().write(buffer, length);
        }
    }

    private int room() {
        if (size == buffer.length) {
            flush();
        }
        return buffer.length - size;
    }

    private void reserve(int length) {
        if (buffer.length - size < length) {
            flush();
        }
    }

    private Sink attached() {
        if (sink == null) {
            throw new IllegalStateException("this buffer is not attached");
        }
        return sink;
    }
}
