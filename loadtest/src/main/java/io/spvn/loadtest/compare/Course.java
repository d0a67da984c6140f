package io.spvn.loadtest.compare;

import io.spvn.loadtest.attack.Load;
import java.time.Duration;

/// How a scenario goes.
sealed interface Course {
    /// The most connections it opens for its own requests.
    int connections();

    /// One load from the beginning to the end.
    record Steady(Load load) implements Course {
        @Override
        public int connections() {
            return load.connections();
        }
    }

    /// A third into the run, another request holds up the app's event loop.
    ///
    /// @param path of that request
    record Blocked(Load load, String path) implements Course {
        @Override
        public int connections() {
            return load.connections();
        }
    }

    /// More than the server can do: what it can do is found by a closed loop before.
    ///
    /// @param factor of that rate
    /// @param patience of a client, after which it is no longer interested
    record Overload(double factor, int connections, Duration patience) implements Course {}

    /// Beside the load, many clients never end the heads of their requests.
    ///
    /// @param clients that send a byte a second each
    record SlowClients(Load load, int clients) implements Course {
        @Override
        public int connections() {
            return load.connections();
        }
    }
}
