package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.RequestQueue;
import io.spvn.bridge.exchange.ResponseSink;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Makes workers; a pool has one factory, which knows every kind that its pool may ask for.
@FunctionalInterface
public interface WorkerFactory {
    /// A worker that is still to be started. Called by one thread at a time.
    ///
    /// @throws WorkerFailure when what all workers need cannot be had
    Worker make(Place place);

    /// What workers that come would share with those before is made anew, since it may have
    /// changed. For any thread.
    default void renew() {}

    /// What a worker is given.
    ///
    /// @param number its number, from 0; that of a worker it takes the place of
    /// @param isolation what it runs the app in; never `AUTO`
    /// @param requests the requests that wait for any worker
    /// @param sink takes its responses, from its own thread; closed once it has ended
    /// @param listener is to be told what becomes of requests
    /// @param onRefusal is to be told of each module that the worker's interpreter does not load;
    ///   says whether workers follow that do. For any thread, not blocking.
    /// @param hangLog takes reports of an event loop that stays away; does not block
    /// @param onEnd is to be told once it has ended and hands over nothing any more
    record Place(
            int number,
            Isolation isolation,
            RequestQueue requests,
            ResponseSink sink,
            ExchangeListener listener,
            Predicate<String> onRefusal,
            Consumer<String> hangLog,
            Consumer<Worker> onEnd) {
        public Place {
            if (isolation == Isolation.AUTO) {
                throw new IllegalArgumentException("the isolation of a worker must be chosen");
            }
        }
    }
}
