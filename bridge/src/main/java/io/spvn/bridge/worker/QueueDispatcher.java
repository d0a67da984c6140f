package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.Dispatcher;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.RefusalLog;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.bridge.exchange.RequestQueue;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Spreads requests over the workers of a fleet, by a queue that all of them take from; refuses
/// those that none will take in time. For any thread; only [#submit] blocks.
final class QueueDispatcher implements Dispatcher {
    private final RequestQueue requests;
    private final Fleet fleet;
    private final BooleanSupplier open;
    private final Supplier<String> fault;
    private final Duration queueTimeout;
    private final ExchangeListener exchanges;

    /// @param open whether any worker takes requests, or one is to come that will
    /// @param fault why none does, in words that clients are shown as well; "" for what is nobody's
    ///   affair
    QueueDispatcher(
            RequestQueue requests,
            Fleet fleet,
            BooleanSupplier open,
            Supplier<String> fault,
            Duration queueTimeout,
            ExchangeListener exchanges) {
        this.requests = requests;
        this.fleet = fleet;
        this.open = open;
        this.fault = fault;
        this.queueTimeout = queueTimeout;
        this.exchanges = exchanges;
    }

    @Override
    public void submit(Exchange exchange) throws InterruptedException {
        if (isRefused(exchange)) {
            return;
        }
        if (put(exchange)) {
            announce();
        } else {
            refuse(exchange, Rejected.QUEUE_FULL);
        }
    }

    @Override
    public boolean submitAtOnce(Exchange exchange) throws InterruptedException {
        if (isRefused(exchange)) {
            return true;
        }
        boolean put = requests.put(exchange, Duration.ZERO);
        if (put) {
            announce();
        }
        return put;
    }

    private boolean isRefused(Exchange exchange) {
        exchange.queued();
        if (!open.getAsBoolean()) {
            refuseUnserved(exchange);
            return true;
        }
        if (fleet.serves() && requests.isHopeless(queueTimeout)) {
            refuse(exchange, Rejected.OVERLOAD);
            return true;
        }
        return false;
    }

    private void announce() {
        wakeForWaiting();
        if (!open.getAsBoolean()) {
            refuseWaiting(); // the last worker has ended meanwhile
        }
    }

    private boolean put(Exchange exchange) throws InterruptedException {
        boolean put = requests.put(exchange, queueTimeout);
        while (!put && requests.held()) {
            put = requests.put(exchange, queueTimeout);
        }
        return put;
    }

    /// No worker will serve it.
    private void refuseUnserved(Exchange exchange) {
        String why = fault.get();
        refuse(exchange, why.isEmpty() ? Rejected.STOPPING : Rejected.APP_BROKEN, why);
    }

    private void refuse(Exchange exchange, Rejected reason) {
        refuse(exchange, reason, "");
    }

    private void refuse(Exchange exchange, Rejected reason, String detail) {
        if (exchange.abandoned()) {
            RefusalLog.abandoned(exchanges, exchange);
            return;
        }
        exchange.refuse(reason, detail);
        exchange.transport().write(exchange);
    }

    /// Wakes the least busy of the workers that sleep. One that is awake looks into the queue
    /// before it sleeps, so there is nothing to do when none sleeps.
    private void wakeOne() {
        Worker chosen = fleet.leastBusySleeper();
        while (chosen != null && !chosen.wake()) {
            chosen = fleet.leastBusySleeper();
        }
    }

    /// Wakes a worker if requests wait: who was woken for them may be held up, or has left.
    void wakeForWaiting() {
        if (!requests.isEmpty()) {
            wakeOne();
        }
    }

    /// Refuses requests that have waited too long for workers that are too busy to do so.
    void refuseLate() {
        long now = System.nanoTime();
        for (Exchange late = requests.pollLate(now, queueTimeout);
                late != null;
                late = requests.pollLate(now, queueTimeout)) {
            Exchange exchange = late;
            Thread.startVirtualThread(() -> refuse(exchange, Rejected.QUEUE_TIMEOUT));
        }
    }

    /// Refuses all that wait: nobody will take them.
    void refuseWaiting() {
        for (Exchange waiting = requests.pollHeld();
                waiting != null;
                waiting = requests.pollHeld()) {
            Exchange exchange = waiting;
            Thread.startVirtualThread(() -> refuseUnserved(exchange));
        }
    }
}
