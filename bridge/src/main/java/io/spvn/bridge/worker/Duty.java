package io.spvn.bridge.worker;

/// One of the things that a [Supervisor] sees to. What it may be asked for is for any thread.
interface Duty {
    /// Whether there may be something to do. Called by the clock, often; does not block.
    boolean due(long now);

    /// Does the next thing that there is to do. On the supervisor's thread; may wait for the start
    /// of a worker, not for the end of one.
    ///
    /// @return whether there was one
    boolean attend(long now) throws InterruptedException;
}
