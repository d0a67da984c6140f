package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.Dispatcher;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.RefusalLog;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.bridge.exchange.RequestQueue;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Spreads requests over the workers of a fleet, by a queue that all of them take from; refuses
/// those that none will take in time. For any thread; only [#submit] blocks.
final class QueueDispatcher implements Dispatcher {
    private final RequestQueue requests;
    private final Fleet fleet;
    private final BooleanSupplier open;
    private final Duration queueTimeout;
    private final ExchangeListener exchanges;

    /// @param open whether any worker takes requests, or one is to come that will
    QueueDispatcher(
            RequestQueue requests,
            Fleet fleet,
            BooleanSupplier open,
            Duration queueTimeout,
            ExchangeListener exchanges) {
        this.requests = requests;
        this.fleet = fleet;
        this.open = open;
        this.queueTimeout = queueTimeout;
        this.exchanges = exchanges;
    }

    @Override
    public void submit(Exchange exchange) throws InterruptedException {
        exchange.queued();
        if (!open.getAsBoolean()) {
            refuse(exchange, Rejected.STOPPING);
        } else if (fleet.serves() && requests.isHopeless(queueTimeout)) {
            refuse(exchange, Rejected.OVERLOAD);
        } else if (requests.put(exchange, queueTimeout)) {
            wakeOne();
            if (!open.getAsBoolean()) {
                refuseWaiting(); // the last worker has ended meanwhile
            }
        } else {
            refuse(exchange, Rejected.QUEUE_FULL);
        }
    }

    private void refuse(Exchange exchange, Rejected reason) {
        if (exchange.abandoned()) {
            RefusalLog.abandoned(exchanges, exchange);
            return;
        }
        exchange.refuse(reason);
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
        for (Exchange waiting = requests.poll(); waiting != null; waiting = requests.poll()) {
            Exchange exchange = waiting;
            Thread.startVirtualThread(() -> refuse(exchange, Rejected.STOPPING));
        }
    }
}
