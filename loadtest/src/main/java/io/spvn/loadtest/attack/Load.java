package io.spvn.loadtest.attack;

import java.util.Locale;

/// How requests come.
public sealed interface Load {
    /// The most connections: loopback has some 28,000 ports to connect from.
    int MAX_CONNECTIONS = 20_000;

    /// Connections open at the same time, each with at most one request in flight.
    int connections();

    /// Requests come when they are due, whether or not earlier ones have been answered. One that
    /// finds no free connection waits for it, and its latency counts the wait.
    ///
    /// @param pacer when requests are due
    record Open(Pacer pacer, int connections) implements Load {
        public Open {
            checkConnections(connections);
        }
    }

    /// Each connection sends its next request when the one before has been answered.
    record Closed(int connections) implements Load {
        public Closed {
            checkConnections(connections);
        }
    }

    private static void checkConnections(int connections) {
        if (connections < 1 || connections > MAX_CONNECTIONS) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "connections: 1 to %,d, not %,d",
                            MAX_CONNECTIONS,
                            connections));
        }
    }
}
