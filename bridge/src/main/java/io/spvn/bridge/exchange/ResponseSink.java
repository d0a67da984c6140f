package io.spvn.bridge.exchange;

/// Where a worker hands over exchanges that have something to write. Called by one worker's thread,
/// under its GIL; never blocks.
public interface ResponseSink {
    /// `exchange` has something to write.
    void ready(Exchange exchange);

    /// Nothing more comes for now: what is ready is to be written.
    void flush();
}
