package io.spvn.bridge.worker;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Adds workers and has them leave, as many as was asked for, but never the last.
final class Resizing implements Duty {
    private static final System.Logger LOG = System.getLogger(Resizing.class.getName());

    /// Nobody means more at once.
    private static final int MOST = 64;

    private final Fleet fleet;
    private final Staff staff;
    private final Departures departures;
    private final AtomicInteger wanted = new AtomicInteger(); // less than zero: so many fewer

    Resizing(Fleet fleet, Staff staff, Departures departures) {
        this.fleet = fleet;
        this.staff = staff;
        this.departures = departures;
    }

    /// For any thread.
    ///
    /// @param change of the number of workers
    void ask(int change) {
        wanted.updateAndGet(before -> Math.clamp((long) before + change, -MOST, MOST));
    }

    @Override
    public boolean due(long now) {
        return wanted.get() != 0;
    }

    @Override
    public boolean attend(long now) throws InterruptedException {
        int change = wanted.getAndUpdate(left -> left - Integer.signum(left));
        if (change > 0) {
            grow();
        } else if (change < 0) {
            shrink();
        }
        return change != 0;
    }

    private void grow() throws InterruptedException {
        try {
            String name = staff.add().name();
            LOG.log(System.Logger.Level.INFO, name + " is added");
        } catch (WorkerFailure failure) {
            LOG.log(System.Logger.Level.ERROR, failure.report("no worker is added: "));
        }
    }

    private void shrink() throws InterruptedException {
        Member leaving = candidate(fleet.inPlace());
        try {
            departures.add(staff.leave(leaving.number()));
            LOG.log(System.Logger.Level.INFO, leaving.name() + " leaves");
        } catch (IllegalStateException last) {
            LOG.log(System.Logger.Level.WARNING, "no worker leaves: " + last.getMessage());
        }
    }

    /// One that does not serve, else the last that has come.
    private static Member candidate(List<Member> members) {
        return members.stream()
                .filter(member -> !member.worker().serving())
                .findFirst()
                .orElseGet(members::getLast);
    }
}
