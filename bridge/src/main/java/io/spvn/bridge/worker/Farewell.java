package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.Drain;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.Receiver;
import java.time.Duration;

/// The last part of a worker's life, from when it is told to come to its end: which requests are
/// brought to their end, and what the worker waits for.
///
/// Who stops the worker calls [#begin], the clock [#tick], the worker [#look] and [#nowWaitsFor];
/// the rest is for any thread.
public final class Farewell {
    /// How often requests are looked at.
    private static final long LOOK_NANOS = 200_000_000;

    private final Runnable haveLooked;
    private final long grace;
    private volatile long since;
    private volatile boolean begun;
    private volatile String waitsFor = "";
    private volatile boolean served;
    private long lookAt; // clock

    /// @param haveLooked has the worker [#look] at its requests; does not block
    /// @param grace how long open streams may go on
    public Farewell(Runnable haveLooked, Duration grace) {
        this.haveLooked = haveLooked;
        this.grace = grace.toNanos();
    }

    /// The worker is going to be stopped. Said again, it changes nothing.
    public synchronized void begin() {
        if (!begun) {
            since = System.nanoTime();
            begun = true;
        }
    }

    /// Has requests looked at when that is due. Called often; does not block.
    public void tick(long now) {
        if (begun && now - lookAt >= 0) {
            lookAt = now + Math.min(LOOK_NANOS, grace);
            haveLooked.run();
        }
    }

    /// What follows for the app of an exchange.
    public Drain.Order look(Exchange exchange, Receiver listener) {
        return begun
                ? exchange.drain(listener, System.nanoTime() - since, grace)
                : Drain.Order.NONE;
    }

    /// What the worker waits for from now on.
    ///
    /// @param what the worker waits for, in words
    /// @param toTheEnd whether the app has been served to the end of its lifespan
    public void nowWaitsFor(String what, boolean toTheEnd) {
        waitsFor = what;
        served = toTheEnd;
    }

    /// What the worker waits for, in words; "" for nothing that it knows of.
    public String waitsFor() {
        return waitsFor;
    }

    /// What is waited for in the worker `number`, in words; "" for nothing that is known.
    ///
    /// @param heard whether it has heard that it is to stop
    public String waitsFor(int number, WorkerState state, boolean heard) {
        return switch (state) {
            case BOOTING -> "the start of worker " + number;
            case STOPPING ->
                    heard ? waitsFor : "worker " + number + ", whose event loop is blocked";
            case NEW, SERVING, ENDED -> "";
        };
    }

    /// Whether the app has been served to the end of its lifespan: what lives on is its threads and
    /// exit handlers.
    public boolean served() {
        return served;
    }
}
