package io.spvn.bridge.worker;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Workers that have done as much as they may ([Recycling]) are replaced, one at a time.
final class Retirements implements Duty {
    /// When nobody could take a worker's place it goes on for so long.
    static final Duration TRY_AGAIN = Duration.ofSeconds(10);

    private final Fleet fleet;
    private final Replacement replacement;
    private final LongSupplier clock;

    Retirements(Fleet fleet, Replacement replacement, LongSupplier clock) {
        this.fleet = fleet;
        this.replacement = replacement;
        this.clock = clock;
    }

    private static @Nullable RestartReason reason(Member member, long now) {
        return member.kind().replaceable() && member.worker().serving()
                ? member.tenure().exceeded(now)
                : null;
    }

    @Override
    public boolean due(long now) {
        return fleet.inPlace().stream().anyMatch(member -> reason(member, now) != null);
    }

    @Override
    public boolean attend(long now) throws InterruptedException {
        if (!replacement.ready()) {
            return false;
        }
        for (Member member : fleet.inPlace()) {
            RestartReason reason = reason(member, now);
            if (reason != null) {
                if (!replacement.replace(member, reason)) {
                    member.tenure().postpone(clock.getAsLong() + TRY_AGAIN.toNanos());
                }
                return true;
            }
        }
        return false;
    }
}
