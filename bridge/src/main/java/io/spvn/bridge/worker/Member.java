package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.ResponseSink;
import java.time.Duration;

/// A worker of a pool, and the place where it hands over its responses, which is its own and ends
/// with it. For any thread.
///
/// @param number of the worker
record Member(int number, Worker worker, ResponseSink sink) {
    /// A worker is to be at its end so much before the time is up, or a tenth of the time.
    private static final Duration LAST_WORDS = Duration.ofMillis(200);

    /// Looks after both. Called often; does not block.
    void tick() {
        worker.tick();
        sink.tick();
    }

    /// Asks the worker to be at its end within that time.
    void stop(Duration limit) {
        Duration tenth = limit.dividedBy(10);
        worker.stop(limit.minus(tenth.compareTo(LAST_WORDS) < 0 ? tenth : LAST_WORDS));
    }

    boolean hasEnded() {
        return worker.state() == WorkerState.ENDED;
    }
}
