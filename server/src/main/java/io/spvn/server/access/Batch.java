package io.spvn.server.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.locks.LockSupport;

/// Lines that are written together. Where writing fails in the middle of a line, its rest is kept
/// for the next time, and only whole lines are lost. One thread.
final class Batch {
    static final int SIZE = 64 * 1024;

    /// A terminal or pipe that somebody has made not to wait is asked again so soon.
    private static final long AGAIN_NANOS = 10_000_000;

    private ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
    private int lines;
    private boolean torn; // whether what is in the buffer begins in the middle of a line

    /// Adds a line, with its end; one of any length when there is none.
    ///
    /// @return false when there is no room for it
    boolean add(byte[] line, int length) {
        if (buffer.remaining() < length) {
            if (!isEmpty()) {
                return false;
            }
            buffer = ByteBuffer.allocateDirect(length);
        }
        buffer.put(line, 0, length);
        lines++;
        return true;
    }

    boolean isEmpty() {
        return buffer.position() == 0;
    }

    /// How many there are, one of which only the rest is there included.
    int lines() {
        return lines;
    }

    /// Writes all of it.
    ///
    /// @return how many lines were lost
    int write(WritableByteChannel to) {
        buffer.flip();
        try {
            while (buffer.hasRemaining()) {
                if (to.write(buffer) == 0) {
                    LockSupport.parkNanos(this, AGAIN_NANOS);
                }
            }
            torn = false;
            lines = 0;
            buffer.clear();
            return 0;
        } catch (IOException full) {
            return drop();
        }
    }

    /// What follows goes to another file: the rest of a line has no place there.
    ///
    /// @return how many lines were lost by that
    int turn() {
        if (!torn) {
            return 0;
        }
        buffer.flip();
        buffer.position(lineEnd(0));
        buffer.compact();
        torn = false;
        lines--;
        return 1;
    }

    private int drop() {
        int at = buffer.position();
        torn = at == 0 ? torn : buffer.get(at - 1) != '\n';
        int kept = torn ? lineEnd(at) : at;
        int lost = 0;
        for (int i = kept; i < buffer.limit(); i++) {
            lost += buffer.get(i) == '\n' ? 1 : 0;
        }
        lines = torn ? 1 : 0;
        buffer.limit(kept);
        buffer.compact();
        return lost;
    }

    /// Behind the end of the line that goes on here.
    private int lineEnd(int from) {
        int at = from;
        while (buffer.get(at) != '\n') {
            at++;
        }
        return at + 1;
    }
}
