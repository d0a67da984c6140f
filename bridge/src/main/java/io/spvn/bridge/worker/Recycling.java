package io.spvn.bridge.worker;

import io.spvn.bridge.worker.WorkerSettings.Supervision;
import java.util.random.RandomGenerator;

/// How much each worker may do before another takes its place. Not all workers may do the same, so
/// that those that began together do not go together:
///
///     requests   the maximum, and up to the jitter more
///     time       the lifetime, or up to a tenth less
///     memory     the same for all
///
/// Used by one thread at a time.
final class Recycling {
    private static final int TENTHS = 10;

    private final Supervision settings;
    private final RandomGenerator random;

    Recycling(Supervision settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
    }

    /// The time in office of a worker that is about to start.
    Tenure tenure() {
        return new Tenure(new Tenure.Allowance(requests(), nanos(), settings.maxRss()));
    }

    private long requests() {
        return settings.maxRequests() == 0
                ? 0
                : settings.maxRequests() + random.nextLong(settings.maxRequestsJitter() + 1L);
    }

    private long nanos() {
        long most = settings.lifetime().toNanos();
        return most == 0 ? 0 : most - random.nextLong(most / TENTHS + 1);
    }
}
