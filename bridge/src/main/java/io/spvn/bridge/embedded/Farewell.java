package io.spvn.bridge.embedded;

import io.spvn.bridge.exchange.Drain;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.Receiver;
import java.time.Duration;

/// The last part of a worker's life, from when it is told to come to its end: which requests are
/// brought to their end, and what the worker waits for.
///
/// Who stops the worker calls [#begin], the clock [#tick], the worker [#look] and [#nowWaitsFor];
/// the rest is for any thread.
final class Farewell {
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
    Farewell(Runnable haveLooked, Duration grace) {
        this.haveLooked = haveLooked;
        this.grace = grace.toNanos();
    }

    /// The worker is going to be stopped. Said again, it changes nothing.
    synchronized void begin() {
        if (!begun) {
            since = System.nanoTime();
            begun = true;
        }
    }

    /// Has requests looked at when that is due. Called often; does not block.
    void tick(long now) {
        if (begun && now - lookAt >= 0) {
            lookAt = now + Math.min(LOOK_NANOS, grace);
            haveLooked.run();
        }
    }

    Drain.Order look(Exchange exchange, Receiver listener) {
        return begun
                ? exchange.drain(listener, System.nanoTime() - since, grace)
                : Drain.Order.NONE;
    }

    /// @param what the worker waits for, in words
    /// @param toTheEnd whether the app has been served to the end of its lifespan
    void nowWaitsFor(String what, boolean toTheEnd) {
        waitsFor = what;
        served = toTheEnd;
    }

    /// What the worker waits for, in words; "" for nothing that it knows of.
    String waitsFor() {
        return waitsFor;
    }

    /// Whether the app has been served to the end of its lifespan: what lives on is its threads and
    /// exit handlers.
    boolean served() {
        return served;
    }
}
