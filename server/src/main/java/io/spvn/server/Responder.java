package io.spvn.server;

import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ResponseSink;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// Writes the responses of one worker, in a virtual thread, and ends with it.
///
/// The worker adds what is ready and wakes the writer once per batch, unless the batch is so small
/// that to wake another thread for it costs more than to write it: then the worker does so itself,
/// as far as clients take it at once. A client that does not read must not hold up the others: a
/// large write gets a thread of its own, and when a write takes longer than [#PATIENCE_NANOS] the
/// thread stays with its client and another goes on with the queue.
final class Responder implements ResponseSink {
    private static final long PATIENCE_NANOS = 2_000_000;

    /// More than this may not fit into the socket's buffer.
    private static final int LARGE = 32 * 1024;

    /// A batch of so many, of no more than so many bytes each, is the worker's to write.
    private static final int FEW = 4;

    private static final int SMALL = 8 * 1024;

    private final Queue<Exchange> queue = new ConcurrentLinkedQueue<>();
    private int batch; // the worker's
    private volatile Writer writer = new Writer();
    private volatile boolean closed;

    Responder() {
        writer.start();
    }

    @Override
    public void ready(Exchange exchange) {
        exchange.transport().announce(exchange);
        queue.add(exchange);
        batch++;
    }

    @Override
    public void flush() {
        boolean few = batch <= FEW;
        batch = 0;
        if (!(few && !closed && writer.idle() && writeHere())) {
            handOver();
        }
    }

    /// @return false when there is more to write, for who may wait
    private boolean writeHere() {
        for (Exchange next = queue.poll(); next != null; next = queue.poll()) {
            if (next.unwritten() > SMALL || !writeAtOnce(next)) {
                queue.add(next);
                return false;
            }
        }
        return true;
    }

    private void handOver() {
        Writer current = writer;
        if (closed) {
            writeApart();
        } else if (current.stalled(System.nanoTime())) {
            replace(current);
        } else {
            current.wake();
        }
    }

    /// In case that nothing is flushed any more while the writer is held up with a queue behind it.
    @Override
    public void tick() {
        if (!queue.isEmpty()) {
            handOver();
        }
    }

    /// What is still queued, or comes all the same, is written by threads of its own: the writer
    /// may be held up, and nobody looks after it any more.
    @Override
    public synchronized void close() {
        closed = true;
        writer.retire();
        writeApart();
    }

    private void writeApart() {
        for (Exchange left = queue.poll(); left != null; left = queue.poll()) {
            writeApart(left);
        }
    }

    private static void writeApart(Exchange exchange) {
        Thread.ofVirtual().name("response").start(() -> writeReady(exchange));
    }

    private synchronized void replace(Writer stalled) {
        if (writer == stalled && !closed) {
            writer = new Writer();
            writer.start();
            stalled.retire();
        }
    }

    private static void writeReady(Exchange exchange) {
        try {
            exchange.transport().write(exchange);
        } catch (Throwable failure) {
            failed(exchange, failure);
        }
    }

    /// @return false when that had to wait
    private static boolean writeAtOnce(Exchange exchange) {
        try {
            return exchange.transport().writeAtOnce(exchange);
        } catch (Throwable failure) {
            failed(exchange, failure);
            return true;
        }
    }

    private static void failed(Exchange exchange, Throwable failure) {
        System.getLogger(Responder.class.getName())
                .log(System.Logger.Level.ERROR, "response not written, " + exchange, failure);
        exchange.broken();
    }

    /// One thread that empties the queue until it is replaced.
    private final class Writer implements Runnable {
        private final AtomicBoolean idle = new AtomicBoolean();
        private final Thread thread = Thread.ofVirtual().name("responder").unstarted(this);
        private volatile long writingSince;
        private volatile boolean retired;

        void start() {
            thread.start();
        }

        void wake() {
            if (idle.get() && idle.compareAndSet(true, false)) {
                LockSupport.unpark(thread);
            }
        }

        void retire() {
            retired = true;
            LockSupport.unpark(thread);
        }

        boolean idle() {
            return idle.get();
        }

        boolean stalled(long now) {
            long since = writingSince;
            return since != 0 && now - since > PATIENCE_NANOS;
        }

        @Override
        public void run() {
            while (!retired) {
                Exchange next = queue.poll();
                if (next == null) {
                    rest();
                } else {
                    write(next);
                }
            }
        }

        private void rest() {
            idle.set(true);
            if (queue.isEmpty() && !retired) {
                LockSupport.park(this);
            }
            idle.set(false);
        }

        private void write(Exchange exchange) {
            if (exchange.unwritten() > LARGE) {
                writeApart(exchange);
                return;
            }
            writingSince = System.nanoTime();
            writeReady(exchange);
            writingSince = 0;
        }
    }
}
