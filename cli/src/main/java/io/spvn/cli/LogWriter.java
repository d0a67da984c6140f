package io.spvn.cli;

import io.spvn.server.process.PromptThread;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/// Writes the log on a thread of its own. Standard error may be a pipe that nobody reads, and no
/// worker and no request may have to wait for its reader.
///
/// Who logs does wait until the text is written, so that the log keeps its order beside what Python
/// prints, and is whole when the process ends. But not longer than a short patience, and not at all
/// until a writer that was once too slow has caught up. Texts then wait in a line of bounded size;
/// what finds no room there, or cannot be written, is lost, counted, and told with the next text. A
/// [PromptThread] never waits.
final class LogWriter {
    static final Duration PATIENCE = Duration.ofMillis(100);

    private static final int ROOM_BYTES = 1024 * 1024;

    private final OutputStream out;
    private final long patienceNanos;
    private final LongFunction<byte[]> loss;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition progress = lock.newCondition();

    private final Queue<Text> line = new ArrayDeque<>();
    private int lineBytes;
    private long lost;

    /// Texts that were put in the line since the start, and those that have left the writer.
    private long taken;

    private long finished;

    /// Whether nobody waits for the writer, because it kept somebody waiting for too long.
    private boolean late;

    /// @param records that are lost with it
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Text(byte[] bytes, long records) {}

    private LogWriter(OutputStream out, Duration patience, LongFunction<byte[]> loss) {
        this.out = out;
        this.patienceNanos = patience.toNanos();
        this.loss = loss;
    }

    /// @param loss makes the text that tells how many were lost
    static LogWriter start(OutputStream out, Duration patience, LongFunction<byte[]> loss) {
        LogWriter writer = new LogWriter(out, patience, loss);
        Thread.ofPlatform().daemon().name("log").start(writer::run);
        return writer;
    }

    /// Any thread.
    void write(byte[] text) {
        lock.lock();
        try {
            if (lineBytes > 0 && lineBytes + text.length > ROOM_BYTES) {
                lost++;
                return;
            }
            tellLoss();
            put(new Text(text, 1));
            if (!late && !PromptThread.isCurrent()) {
                late = !await(patienceNanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits until all is written.
    void flush(Duration within) {
        lock.lock();
        try {
            boolean _ = await(within.toNanos());
        } finally {
            lock.unlock();
        }
    }

    private void tellLoss() {
        if (lost > 0) {
            put(new Text(loss.apply(lost), lost));
            lost = 0;
        }
    }

    private void put(Text text) {
        line.add(text);
        lineBytes += text.bytes.length;
        taken++;
        arrived.signal();
    }

    /// Whether all that is in the line now has left the writer in time.
    private boolean await(long nanos) {
        long last = taken;
        try {
            for (long left = nanos; finished < last && left > 0; ) {
                left = progress.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return finished >= last;
    }

    private void run() {
        while (true) {
            Text next = next();
            leave(next, written(next));
        }
    }

    private Text next() {
        lock.lock();
        try {
            Text next = line.poll();
            while (next == null) {
                arrived.awaitUninterruptibly();
                next = line.poll();
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    private boolean written(Text text) {
        try {
            out.write(text.bytes);
            return true;
        } catch (IOException _) {
            return false; // it is counted: there is no other place to tell it
        }
    }

    private void leave(Text text, boolean written) {
        lock.lock();
        try {
            lost += written ? 0 : text.records;
            lineBytes -= text.bytes.length;
            finished++;
            late = late && !line.isEmpty();
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
