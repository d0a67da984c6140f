package io.spvn.bridge.worker;

/// Has another take the place of a worker that serves: it serves before the one before it is told
/// to leave. On the supervisor's thread.
final class Replacement {
    private static final System.Logger LOG = System.getLogger(Replacement.class.getName());

    private final Staff staff;
    private final Departures departures;
    private final Restarts restarts;

    Replacement(Staff staff, Departures departures, Restarts restarts) {
        this.staff = staff;
        this.departures = departures;
        this.restarts = restarts;
    }

    /// Whether none of those that were replaced is still about to leave, so that another may be.
    boolean ready() {
        return departures.over();
    }

    /// Replaces one. If that fails, the log says why, and it goes on.
    ///
    /// @return whether it was replaced
    boolean replace(Member member, RestartReason reason) throws InterruptedException {
        String name = member.name();
        LOG.log(System.Logger.Level.INFO, name + " is replaced: " + reason.words());
        try {
            departures.add(staff.succeed(member.number()));
            restarts.count(reason);
            return true;
        } catch (WorkerFailure failure) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    failure.report(name + " goes on, the one to follow it does not start: "));
            return false;
        }
    }
}
