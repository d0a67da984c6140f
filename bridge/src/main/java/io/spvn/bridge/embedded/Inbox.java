package io.spvn.bridge.embedded;

import io.spvn.bridge.exchange.Bell;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.RequestQueue;
import io.spvn.bridge.exchange.Waker;
import io.spvn.bridge.worker.Pulse;
import io.spvn.bridge.worker.StopOrder;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// All that other threads have for a worker: the requests that wait for any of them, its own
/// exchanges with news, references to give up, signals for the app, the question whether it is
/// alive, and the orders to bring its requests to their end and to stop.
///
/// The worker's event loop sleeps on a descriptor. It is written only when the worker has said that
/// it sleeps: under load no system call is made. Every method but those marked is for any thread;
/// none blocks.
final class Inbox implements Waker {
    private final RequestQueue requests; // shared by all workers
    private final Queue<Exchange> news = new ConcurrentLinkedQueue<>();
    private final Queue<Long> references = new ConcurrentLinkedQueue<>();
    private final Queue<Integer> signals = new ConcurrentLinkedQueue<>();
    private final Bell bell = new Bell();
    private final Pulse pulse;
    private final AtomicBoolean drainDue = new AtomicBoolean();
    private final StopOrder stop = new StopOrder();
    private volatile boolean stopTaken;

    /// @param pulse where the worker gives its signs of life
    Inbox(RequestQueue requests, Pulse pulse) {
        this.requests = requests;
        this.pulse = pulse;
    }

    @Override
    public void wake(Exchange exchange) {
        news.add(exchange);
        wakeWorker();
    }

    /// Gives a Python reference back to the thread that may drop it. Once that has ended, nobody
    /// may any more, and what is referred to stays for as long as the process.
    void giveBack(long reference) {
        references.add(reference);
        wakeWorker();
    }

    /// Passes a signal on to the app, once however often it has come meanwhile.
    void signal(int number) {
        if (!signals.contains(number)) {
            signals.add(number);
            wakeWorker();
        }
    }

    /// Has the worker look which of its requests are to be brought to their end, since the server
    /// stops.
    void drain() {
        drainDue.set(true);
        wakeWorker();
    }

    /// Worker: whether it has to look; said once.
    boolean takeDrain() {
        return drainDue.get() && drainDue.compareAndSet(true, false);
    }

    /// Orders the worker to be at its end in `limit`, or when it was ordered to before, if that is
    /// sooner.
    void stop(Duration limit) {
        stop.give(limit);
        wakeWorker();
    }

    /// Whether it was ordered to stop.
    boolean stopping() {
        return stop.given();
    }

    /// Worker: gives the sign of life that it is asked for.
    void giveSignOfLife() {
        if (pulse.asked()) {
            pulse.answer(System.nanoTime());
        }
    }

    /// Worker: what is left of the time that the order to stop has set, in seconds.
    double secondsToStop() {
        return stop.left().toNanos() / 1e9;
    }

    boolean asleep() {
        return bell.asleep();
    }

    /// Worker: it takes nothing any more, and need not be woken.
    void close() {
        deafen();
        bell.close();
    }

    /// Worker: its loop does not listen any more, so a silence says nothing.
    void deafen() {
        pulse.close(System.nanoTime());
    }

    /// Worker: from now on there is something to wake it with.
    ///
    /// @param wake called by any thread; must not block
    void open(Runnable wake) {
        bell.open(wake);
        if (!isEmpty()) {
            wakeWorker();
        }
    }

    /// Worker: the next exchange with news, null when there is none.
    @Nullable Exchange nextNews() {
        return news.poll();
    }

    /// Worker: the next signal for the app, null when there is none.
    @Nullable Integer nextSignal() {
        return signals.poll();
    }

    /// Worker: the next reference to give up, null when there is none.
    @Nullable Long nextReference() {
        return references.poll();
    }

    /// Whether the worker has heard the order to stop.
    boolean stopTaken() {
        return stopTaken;
    }

    /// Worker: whether it has to stop; said once.
    boolean takeStop() {
        boolean first = stop.given() && !stopTaken;
        stopTaken |= first;
        return first;
    }

    /// Worker: marks it asleep.
    ///
    /// @return false when something came meanwhile, so that it has to go on
    boolean sleep() {
        bell.sleep();
        return isEmpty() || !bell.rise();
    }

    private boolean isEmpty() {
        return (stopTaken || requests.isEmpty())
                && news.isEmpty()
                && references.isEmpty()
                && signals.isEmpty()
                && !pulse.asked()
                && !drainDue.get()
                && (stopTaken || !stop.given());
    }

    /// Wakes the worker if it sleeps.
    ///
    /// @return whether this call has woken it
    boolean wakeWorker() {
        return bell.ring();
    }
}
