package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.RefusalLog;
import io.spvn.bridge.exchange.Rejected;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Which of the waiting requests is still worth an answer of the app. Worker thread only.
final class Admission {
    /// A client that closes its side may still read, but hardly one that has waited this long.
    private static final long PATIENCE_NANOS = 1_000_000_000;

    private final Inbox inbox;
    private final ExchangeListener listener;
    private final long queueNanos;
    private final Consumer<Exchange> ready;

    /// @param queueTimeout how long a request may have waited
    /// @param ready takes a request that was refused, for its answer to be written
    Admission(
            Inbox inbox,
            ExchangeListener listener,
            Duration queueTimeout,
            Consumer<Exchange> ready) {
        this.inbox = inbox;
        this.listener = listener;
        this.queueNanos = queueTimeout.toNanos();
        this.ready = ready;
    }

    /// The next request for the app, null when none waits.
    @Nullable Exchange next() {
        Exchange request = inbox.nextRequest();
        while (request != null && !admits(request)) {
            request = inbox.nextRequest();
        }
        return request;
    }

    private boolean admits(Exchange request) {
        long waited = System.nanoTime() - request.queuedAt();
        if (request.settled()) {
            if (request.abandoned()) {
                RefusalLog.left(listener, request);
            }
            return false;
        }
        Rejected reason = objection(request, waited);
        if (reason == null) {
            inbox.took();
            listener.started(waited);
            return true;
        }
        request.refuse(reason);
        ready.accept(request);
        return false;
    }

    private @Nullable Rejected objection(Exchange request, long waited) {
        if (request.truncated()) {
            return Rejected.MALFORMED;
        }
        if (waited > queueNanos) {
            return Rejected.QUEUE_TIMEOUT;
        }
        return waited > PATIENCE_NANOS && request.clientLeft() ? Rejected.CLIENT_GONE : null;
    }
}
