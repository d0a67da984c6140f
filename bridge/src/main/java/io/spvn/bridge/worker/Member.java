package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.ResponseSink;
import java.time.Duration;
import java.util.stream.Stream;

/// A worker of a pool, and the place where it hands over its responses, which is its own and ends
/// with it. For any thread.
///
/// @param number of the worker
/// @param kind what it runs the app in
/// @param tenure its time in its place
record Member(int number, Isolation kind, Worker worker, ResponseSink sink, Tenure tenure) {
    /// A worker is to be at its end so much before the time is up, or a tenth of the time.
    private static final Duration LAST_WORDS = Duration.ofMillis(200);

    /// Looks after both. Called often; does not block.
    void tick(long now) {
        worker.tick();
        sink.tick();
        if (kind.replaceable()) {
            tenure.tick(worker.status(), worker.pid(), now);
        }
    }

    /// Asks the worker to be at its end within that time.
    void stop(Duration limit) {
        Duration tenth = limit.dividedBy(10);
        worker.stop(limit.minus(tenth.compareTo(LAST_WORDS) < 0 ? tenth : LAST_WORDS));
    }

    /// What can be seen of it.
    WorkerStatus status() {
        return worker.status().on(new WorkerStatus.Host(kind, worker.pid(), tenure.resident()));
    }

    /// All that can be told of it.
    ///
    /// @param restarts how often others came before it
    WorkerDetail detail(long restarts) {
        return new WorkerDetail(status(), worker.taken(), restarts, worker.hang());
    }

    /// Its requests.
    Stream<InHand> inHand() {
        return worker.inHand().stream().map(each -> new InHand(each, number));
    }

    /// Whether it takes no requests any more.
    boolean isLeaving() {
        return worker.state().isAtLeast(WorkerState.STOPPING);
    }

    boolean hasEnded() {
        return worker.state() == WorkerState.ENDED;
    }

    /// Its name in the log.
    String name() {
        long pid = worker.pid();
        return "worker " + number + (pid == 0 ? "" : " (process " + pid + ")");
    }
}
