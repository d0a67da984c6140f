package io.spvn.bridge.exchange;

/// Where a connection hands in its requests.
@FunctionalInterface
public interface Dispatcher {
    /// Queues a request for a worker. Blocks while the queue is full; a request for which there is
    /// no room in time is refused, and that answer is written by the calling thread.
    void submit(Exchange exchange) throws InterruptedException;

    /// The same for who may not wait.
    ///
    /// @return false when there is no room now, so that nothing was done
    default boolean submitAtOnce(Exchange exchange) throws InterruptedException {
        submit(exchange);
        return true;
    }
}
