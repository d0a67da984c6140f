package io.spvn.bridge.exchange;

/// Where a worker hands over exchanges that have something to write. It is that worker's alone, and
/// ends with it. Never blocks.
public interface ResponseSink {
    /// Worker's thread: `exchange` has something to write.
    void ready(Exchange exchange);

    /// Worker's thread: nothing more comes for now; what is ready is to be written.
    void flush();

    /// Looks whether the writing is held up. To be called from time to time, by any thread.
    void tick();

    /// The worker has ended, or is waited for no longer: what is ready is written. For any thread,
    /// and more than once.
    void close();
}
