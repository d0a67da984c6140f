package io.spvn.loadtest.attack;

/// Decides which connection sends the next request, and when. Used by the event loop alone.
sealed interface Injector permits OpenInjector, ClosedInjector {
    /// What starts a request.
    interface Start {
        /// Sends the next request on this connection.
        ///
        /// @param due when the request was due
        void begin(Connection connection, long due);
    }

    /// The connection has no request. It may be open or closed.
    void free(Connection connection);

    /// The request of this connection has failed.
    void failed(Connection connection, long now);

    /// Begins what can begin now.
    void fire(long now, Start start);

    /// How long it has nothing to do by itself, in nanoseconds from `now`.
    long restNanos(long now);

    /// Whether no more requests begin, and none of those in flight is of interest.
    boolean finished(long now, int inFlight);

    /// Begins no more, and counts those that were due and never began.
    ///
    /// @return the requests that were due, or sent
    long end(long now);

    /// Requests that are due and have no connection.
    long waiting(long now);
}
