package io.spvn.bridge.exchange;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Wakes one thread that sleeps, which costs a system call. It is rung only once that thread has
/// said that it sleeps, and by one of those who come then: under load no such call is made.
///
///     sleeper                            who has something for it
///     1. says that it sleeps             1. puts it where the sleeper looks
///     2. looks whether there is any      2. rings
///     3. rises by itself, or waits
///
/// Either the sleeper sees what was put there, or who has put it there sees that it sleeps. What
/// there is, and what the thread sleeps on, the bell does not know; for a Python loop it is the pair
/// of descriptors of `spvn_bridge.loop`. Every method but those marked
/// is for any thread; none blocks.
public final class Bell {
    private final AtomicBoolean asleep = new AtomicBoolean();
    private volatile @Nullable Runnable waker; // null while closed

    /// Closed, and nobody sleeps.
    public Bell() {}

    /// Sleeper: from now on there is something to wake it with, and it sleeps. Who came before has
    /// rung in vain, so it has to look once more.
    ///
    /// @param wake called by any thread; must not block
    public void open(Runnable wake) {
        waker = wake;
        asleep.set(true);
    }

    /// Sleeper: it need not be woken any more. Who rings at this moment may still do so.
    public void close() {
        waker = null;
        asleep.set(false);
    }

    /// Sleeper: says that it sleeps; before it does, it has to look for what came meanwhile.
    public void sleep() {
        asleep.set(true);
    }

    /// Sleeper: has found something, and does not sleep.
    ///
    /// @return false when the bell was rung already
    public boolean rise() {
        return asleep.compareAndSet(true, false);
    }

    /// Whether the thread sleeps.
    public boolean asleep() {
        return asleep.get();
    }

    /// Wakes the thread if it sleeps.
    ///
    /// @return whether this call has woken it
    public boolean ring() {
        Runnable wake = waker;
        if (wake == null || !asleep.get() || !rise()) {
            return false;
        }
        wake.run();
        return true;
    }
}
