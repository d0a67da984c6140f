package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.Exchange;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One that runs the app: it takes requests from the queue that all workers share and hands over
/// what the app answers. What it runs the app in, only who makes it knows ([WorkerFactory]).
///
/// [#start] is called once, by the thread that adds it to a [WorkerPool]; all else is for any
/// thread. None but [#start] and [#awaitEnd] blocks.
public interface Worker {
    /// Starts it and waits until the app serves.
    ///
    /// @return null when it serves, else why it does not
    @Nullable Boot start(Duration limit) throws InterruptedException;

    WorkerState state();

    /// Requests in hand.
    int load();

    /// Those in hand; one that comes or goes at this moment may be missing or still be there.
    List<Exchange> inHand();

    /// Requests that it has taken so far.
    long taken();

    /// What holds its event loop up, null when nothing does for too long.
    @Nullable Hang hang();

    /// Whether it has nothing to do, so that it has to be woken for a request.
    boolean asleep();

    /// Wakes it if it sleeps.
    ///
    /// @return whether this call has woken it
    boolean wake();

    WorkerStatus status();

    /// Looks after its signs of life. Called often.
    void tick();

    /// Has it bring open streams and long polls to their end, since it is going to be stopped;
    /// requests that are at work go on.
    void drain();

    /// Asks it to finish: what is in hand is answered, then the app's lifespan ends. Asked again,
    /// it has less time, but never more.
    void stop(Duration limit);

    /// Ends it at once where that is possible: a process can be killed, an interpreter cannot. What
    /// it has in hand is answered as after any end. Does not block.
    default void kill() {}

    /// The process that runs the app; 0 for the server's own, and before there is one.
    default long pid() {
        return 0;
    }

    /// Waits for its end.
    boolean awaitEnd(Duration limit) throws InterruptedException;

    /// What it waits for before it can end, in words; "" for nothing.
    String waitsFor();

    /// Whether its app has been served to the end of its lifespan, so that only its threads and
    /// exit handlers may still be there.
    boolean served();

    /// How it ended, null while it lives.
    @Nullable Boot boot();

    /// Whether it takes requests.
    default boolean serving() {
        return state() == WorkerState.SERVING;
    }
}
