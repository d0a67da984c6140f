package io.spvn.bridge.exchange;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Which of the waiting requests is still worth an answer of the app. Each worker has one, for its
/// own thread only.
public final class Admission {
    /// A client that closes its side may still read, but hardly one that has waited this long.
    private static final long PATIENCE_NANOS = 1_000_000_000;

    private final RequestQueue requests;
    private final ExchangeListener listener;
    private final long queueNanos;
    private final Consumer<Exchange> ready;

    /// @param queueTimeout how long a request may have waited
    /// @param ready takes a request that was refused, for its answer to be written
    public Admission(
            RequestQueue requests,
            ExchangeListener listener,
            Duration queueTimeout,
            Consumer<Exchange> ready) {
        this.requests = requests;
        this.listener = listener;
        this.queueNanos = queueTimeout.toNanos();
        this.ready = ready;
    }

    /// The next request for the app, null when none waits.
    public @Nullable Exchange next() {
        Exchange request = requests.poll();
        while (request != null && !admits(request)) {
            request = requests.poll();
        }
        return request;
    }

    private boolean admits(Exchange request) {
        long waited = System.nanoTime() - request.queuedAt();
        if (request.settled()) {
            if (request.abandoned()) {
                RefusalLog.abandoned(listener, request);
            }
            return false;
        }
        Rejected reason = objection(request, waited);
        if (reason == null) {
            requests.took();
            request.admitted(waited);
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
        if (waited > queueNanos && requests.waited(request, System.nanoTime()) > queueNanos) {
            return Rejected.QUEUE_TIMEOUT;
        }
        return waited > PATIENCE_NANOS && request.hasClientLeft() ? Rejected.CLIENT_GONE : null;
    }
}
