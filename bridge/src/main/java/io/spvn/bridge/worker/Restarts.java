package io.spvn.bridge.worker;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// Counts workers that have taken another's place, by reason. For any thread.
final class Restarts {
    private final Map<RestartReason, LongAdder> counts = new EnumMap<>(RestartReason.class);

    Restarts() {
        for (RestartReason reason : RestartReason.values()) {
            counts.put(reason, new LongAdder());
        }
    }

    void count(RestartReason reason) {
        adder(reason).increment();
    }

    long of(RestartReason reason) {
        return adder(reason).sum();
    }

    private LongAdder adder(RestartReason reason) {
        return requireNonNull(counts.get(reason));
    }
}
