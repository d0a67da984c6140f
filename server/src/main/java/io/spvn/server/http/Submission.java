package io.spvn.server.http;

import io.spvn.bridge.exchange.Dispatcher;
import io.spvn.bridge.exchange.HttpExchange;
import java.util.concurrent.atomic.AtomicBoolean;

/// When a request with a body gets to a worker: once.
///
/// One with a small body is held back until the body is there, so that the app does not have to
/// wait for it; after [#HOLD_NANOS] it goes to the app as it is, since the client may be waiting
/// for the app in turn. Any other goes to the app before its reader waits for anything.
///
/// For any thread; each exchange is given to it before others know of it.
public final class Submission {
    private static final long HOLD_BYTES = 16 * 1024;
    private static final long HOLD_NANOS = 100_000_000;

    private final HttpExchange exchange;
    private final Dispatcher dispatcher;
    private final AtomicBoolean submitted = new AtomicBoolean();
    private final boolean held;
    private final long heldUntil;

    /// @param announced bytes of the body, or more than there can be
    public Submission(HttpExchange exchange, Dispatcher dispatcher, long announced) {
        this.exchange = exchange;
        this.dispatcher = dispatcher;
        this.held = announced <= HOLD_BYTES && !exchange.continueOutstanding();
        this.heldUntil = exchange.createdAt() + HOLD_NANOS;
    }

    /// Whether it is held back until its body is there.
    public boolean isHeld() {
        return held;
    }

    /// Hands it in, if it was not; may wait for room in the queue.
    public void submit() throws InterruptedException {
        if (isFirst() && !exchange.settled()) {
            dispatcher.submit(exchange);
        }
    }

    /// The same for who may not wait: another thread does.
    public void submitAtOnce() throws InterruptedException {
        if (isFirst() && !exchange.settled() && !dispatcher.submitAtOnce(exchange)) {
            Thread.ofVirtual().name("queue").start(this::submitPatiently);
        }
    }

    private void submitPatiently() {
        try {
            dispatcher.submit(exchange);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isFirst() {
        return !submitted.get() && submitted.compareAndSet(false, true);
    }

    /// It is not to be handed in any more.
    ///
    /// @return whether it never was
    public boolean close() {
        return submitted.compareAndSet(false, true);
    }

    /// Registry's thread: a request held back for long enough goes to the app.
    public void tick(long now) {
        if (held && !submitted.get() && now - heldUntil > 0) {
            Thread.startVirtualThread(this::release);
        }
    }

    private void release() {
        try {
            submit();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
