package io.spvn.server.access;

import io.spvn.bridge.exchange.Access;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.server.process.LogFile;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Writes a line for each request, on a thread of its own.
///
/// Who ends a request puts it in the queue and goes on, whatever becomes of the log. The queue is
/// bounded by the memory that it keeps; what finds no room there or cannot be written is lost, and
/// counted. The thread writes what there is in batches, and gathers for a moment between two, so
/// that nobody has to wake it at each request. It may be held up by a reader for ever: nobody waits
/// for it, but for a moment at the end, when what it still has counts as lost.
public final class AccessLog implements ExchangeListener {
    private static final System.Logger LOG = System.getLogger(AccessLog.class.getName());

    private static final long ROOM_BYTES = 16L << 20;
    private static final long GATHER_NANOS = 20_000_000;
    private static final long BETWEEN_WARNINGS = Duration.ofSeconds(10).toNanos();
    private static final Duration TO_END = Duration.ofSeconds(1);

    private final LogFile file;
    private final AccessFormat format;
    private final long room;
    private final Queue<Access> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong held = new AtomicLong();
    private final LongAdder lost = new LongAdder();
    private final AtomicBoolean rests = new AtomicBoolean();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("access-log").unstarted(this::run);
    private final AtomicLong told = new AtomicLong();
    private final AtomicInteger inHand = new AtomicInteger(); // neither in the queue nor settled
    private volatile boolean closing;
    private volatile boolean givenUp;

    // The log's thread.
    private final LineBuffer line = new LineBuffer();
    private final Batch batch = new Batch();
    private @Nullable Access next; // for which there was no room in the batch

    private long toldAt = System.nanoTime() - BETWEEN_WARNINGS; // who ticks

    /// Nothing runs yet.
    public AccessLog(AccessFormat format, LogFile file) {
        this(format, file, ROOM_BYTES);
    }

    /// @param room for requests that wait, in bytes
    AccessLog(AccessFormat format, LogFile file, long room) {
        this.format = format;
        this.file = file;
        this.room = room;
    }

    /// Begins to write; the file is open.
    public void start() {
        thread.start();
    }

    @Override
    public boolean wantsEnds() {
        return true;
    }

    /// Any thread; does not wait.
    @Override
    public void ended(Access access) {
        int weight = access.weight();
        if (closing || held.get() + weight > room) {
            lost.increment();
            return;
        }
        held.addAndGet(weight);
        queue.add(access);
        wake();
    }

    private void wake() {
        if (rests.get() && rests.compareAndSet(true, false)) {
            LockSupport.unpark(thread);
        }
    }

    /// Lines that were lost.
    public long lost() {
        return lost.sum();
    }

    /// Any thread: has the file opened anew.
    public void reopen() {
        file.ask();
        wake();
    }

    /// To be called from time to time by one thread; does not block.
    public void tick() {
        long now = System.nanoTime();
        if (now - toldAt >= BETWEEN_WARNINGS && tell()) {
            toldAt = now;
        }
    }

    private boolean tell() {
        long all = lost();
        long before = told.getAndAccumulate(all, Math::max);
        if (all > before) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "access log lines lost because %s was not read or not writable: %d"
                            .formatted(file.name(), all - before));
        }
        return all > before;
    }

    /// Writes what there is, within a bound. Requests that end later are not told.
    public void close() throws InterruptedException {
        closing = true;
        LockSupport.unpark(thread);
        boolean _ = !thread.isAlive() || thread.join(TO_END);
        giveUp();
        boolean _ = tell();
    }

    /// What is left is lost, once: a thread that goes on later counts nothing more.
    private void giveUp() {
        int left = givenUp ? 0 : inHand.get();
        givenUp = true;
        while (queue.poll() != null) {
            left++;
        }
        lost.add(left);
    }

    private void lose(int lines) {
        if (!givenUp) {
            lost.add(lines);
        }
    }

    private void run() {
        try {
            write();
        } finally {
            closing = true; // a thread that fails takes no more
            lose(inHand.getAndSet(0));
        }
    }

    private void write() {
        boolean ended = false;
        while (!ended) {
            boolean last = closing;
            renew();
            fill();
            if (batch.isEmpty()) {
                ended = last;
                rest(last);
            } else {
                int missed = batch.write(file);
                lose(missed);
                inHand.set(batch.lines() + (next == null ? 0 : 1));
                ended = last && !batch.isEmpty();
                gather(missed > 0);
            }
        }
    }

    private void renew() {
        try {
            if (file.renew()) {
                int torn = batch.turn();
                lose(torn);
                inHand.addAndGet(-torn);
            }
        } catch (IOException failure) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "cannot open the access log %s anew: %s"
                            .formatted(file.name(), failure.getMessage()));
        }
    }

    private void fill() {
        for (Access each = poll(); each != null; each = poll()) {
            line.clear();
            format.write(each, line);
            line.put('\n');
            if (!batch.add(line.bytes(), line.length())) {
                next = each;
                return;
            }
        }
    }

    /// A request stays what is held until it is written: then there is room again.
    private @Nullable Access poll() {
        Access waited = next;
        next = null;
        return waited == null ? taken() : waited;
    }

    private @Nullable Access taken() {
        inHand.incrementAndGet();
        Access each = queue.poll();
        if (each == null) {
            inHand.decrementAndGet();
        } else {
            held.addAndGet(-each.weight());
        }
        return each;
    }

    /// @param failed whether there is no use in trying at once
    private void gather(boolean failed) {
        if (!closing && (next == null || failed)) {
            LockSupport.parkNanos(this, GATHER_NANOS);
        }
    }

    private void rest(boolean last) {
        rests.set(true);
        if (!last && queue.isEmpty() && !closing && !file.isStale()) {
            LockSupport.park(this);
        }
        rests.set(false);
    }
}
