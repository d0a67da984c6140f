package io.spvn.bridge.worker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/// Workers that have given up their place and come to their end: those that do not in time are
/// killed. They are added on the supervisor's thread.
final class Departures implements Duty {
    private static final System.Logger LOG = System.getLogger(Departures.class.getName());

    private record Leaver(Member member, long deadline) {
        boolean late(long now) {
            return now - deadline > 0;
        }
    }

    private final Staff staff;
    private final Duration limit;
    private final LongSupplier clock;
    private final List<Leaver> leavers = new CopyOnWriteArrayList<>();

    /// @param limit how long an end may take
    Departures(Staff staff, Duration limit, LongSupplier clock) {
        this.staff = staff;
        this.limit = limit;
        this.clock = clock;
    }

    /// Has one come to its end that has given up its place.
    void add(Member member) {
        staff.dismiss(member, limit);
        leavers.add(new Leaver(member, clock.getAsLong() + limit.toNanos()));
    }

    /// Whether all of them have left.
    boolean over() {
        leavers.removeIf(leaver -> leaver.member().hasEnded());
        return leavers.isEmpty();
    }

    @Override
    public boolean due(long now) {
        return leavers.stream().anyMatch(each -> each.member().hasEnded() || each.late(now));
    }

    @Override
    public boolean attend(long now) {
        if (over()) {
            return false;
        }
        for (Leaver leaver : leavers) {
            if (leaver.late(now)) {
                leavers.remove(leaver);
                Member member = leaver.member();
                LOG.log(
                        System.Logger.Level.WARNING,
                        "%s has not ended within %d s and is %s"
                                .formatted(
                                        member.name(),
                                        limit.toSeconds(),
                                        member.kind().replaceable() ? "killed" : "left alone"));
                member.worker().kill();
                return true;
            }
        }
        return false;
    }
}
