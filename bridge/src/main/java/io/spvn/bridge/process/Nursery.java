package io.spvn.bridge.process;

import io.spvn.bridge.worker.WorkerFailure;

/// Starts children. One for all of a server's; for any thread.
interface Nursery extends AutoCloseable {
    /// A new child, connected; it waits for its settings, which are the first that it is told.
    ///
    /// @param worker its number, for names and messages
    /// @throws WorkerFailure when none can be had, with one line for the user
    Child start(int worker) throws InterruptedException;

    /// Has the next child know the app's environment, and its code, as they are then. Those that
    /// live go on.
    void renew();

    /// Ends what children are started from. Those that live go on.
    @Override
    void close();
}
