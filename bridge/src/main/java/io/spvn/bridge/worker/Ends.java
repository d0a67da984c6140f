package io.spvn.bridge.worker;

import java.time.Duration;
import java.util.List;

/// Waiting for the ends of several workers.
final class Ends {
    private Ends() {}

    /// Workers that hang share the time, so that two of them do not take twice as long as one.
    ///
    /// @return whether all have ended in time
    static boolean await(List<Member> members, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean ended = true;
        for (Member member : members) {
            long left = Math.max(0, deadline - System.nanoTime());
            ended &= member.worker().awaitEnd(Duration.ofNanos(left));
        }
        return ended;
    }
}
