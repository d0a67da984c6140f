package io.spvn.bridge.worker;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// Workers that have ended by themselves, or were killed: others follow, later and later when that
/// does not help ([Respawn]).
///
/// [#CRASH_LOOP] ends in a row are a crash loop: workers end or fail to start, and none of them did
/// its work for a while. While another worker serves, others are tried; with none that serves there
/// is no hope.
final class Deaths implements Duty {
    private static final System.Logger LOG = System.getLogger(Deaths.class.getName());

    /// Ends in a row, of all places together, after which there is hardly any hope.
    static final int CRASH_LOOP = 5;

    /// One that has ended in its place.
    private record Death(Member member, RestartReason reason, Respawn respawn) {}

    private final Fleet fleet;
    private final Staff staff;
    private final Restarts restarts;
    private final Consumer<WorkerFailure> onHopeless;
    private final Map<Integer, Respawn> respawns = new HashMap<>(); // supervisor's
    private int inARow; // supervisor's
    private volatile Map<Member, Death> waiting = Map.of();
    private volatile boolean paused;

    /// @param onHopeless told why no worker will serve any more
    Deaths(Fleet fleet, Staff staff, Restarts restarts, Consumer<WorkerFailure> onHopeless) {
        this.fleet = fleet;
        this.staff = staff;
        this.restarts = restarts;
        this.onHopeless = onHopeless;
    }

    /// Whether the dead are left alone.
    void pause(boolean whether) {
        paused = whether;
    }

    @Override
    public boolean due(long now) {
        return !paused && fleet.inPlace().stream().anyMatch(each -> due(each, now));
    }

    private boolean due(Member member, long now) {
        Death death = waiting.get(member);
        return member.hasEnded() && (death == null || now - death.respawn().due() >= 0);
    }

    @Override
    public boolean attend(long now) throws InterruptedException {
        if (paused) {
            return false;
        }
        for (Member member : fleet.inPlace()) {
            if (due(member, now)) {
                Death death = waiting.get(member);
                if (death == null) {
                    note(member, now);
                } else {
                    follow(death, now);
                }
                return true;
            }
        }
        return false;
    }

    private void note(Member member, long now) {
        Respawn respawn = respawns.computeIfAbsent(member.number(), _ -> new Respawn());
        boolean steady = member.tenure().steady(now);
        respawn.ended(now, steady);
        inARow = steady ? 1 : inARow + 1;
        Death death = new Death(member, reason(member), respawn);
        Map<Member, Death> others = new HashMap<>(waiting);
        others.keySet().retainAll(fleet.inPlace());
        others.put(member, death);
        waiting = Map.copyOf(others);
        String what =
                String.format(
                        Locale.ROOT,
                        "%s has ended after %.1f s: %s",
                        member.name(),
                        member.tenure().served(now).toNanos() / 1e9,
                        cause(member));
        Boot boot = member.worker().boot();
        next(death, what, boot == null ? "" : boot.traceback());
    }

    private static RestartReason reason(Member member) {
        Boot boot = member.worker().boot();
        if (member.tenure().killed()) {
            return RestartReason.HUNG;
        }
        return boot != null && boot.outcome() == Boot.Outcome.EXITED
                ? RestartReason.EXITED
                : RestartReason.CRASHED;
    }

    private static String cause(Member member) {
        Boot boot = member.worker().boot();
        return boot == null || boot.message().isEmpty()
                ? "it came to its end without being told to by this server"
                : boot.message();
    }

    private void follow(Death death, long now) throws InterruptedException {
        int number = death.member().number();
        try {
            staff.succeed(number);
            restarts.count(death.reason());
        } catch (WorkerFailure failure) {
            death.respawn().ended(now, false);
            inARow++;
            String what = "worker " + number + " does not start: " + failure.getMessage();
            next(death, what, failure.traceback());
        }
    }

    /// Says what has happened and what follows, or gives up.
    private void next(Death death, String what, String traceback) {
        Respawn respawn = death.respawn();
        if (inARow >= CRASH_LOOP && !fleet.serves()) {
            String loop =
                    "%s; it is end number %d in a row, and none of these workers served for long"
                            .formatted(what, inARow);
            onHopeless.accept(new WorkerFailure(loop, traceback, true));
            return;
        }
        WorkerFailure report =
                new WorkerFailure(what + "; another starts " + when(respawn), traceback, true);
        LOG.log(System.Logger.Level.ERROR, report.report(""));
    }

    private static String when(Respawn respawn) {
        Duration delay = respawn.delay();
        return delay.isZero()
                ? "at once"
                : String.format(Locale.ROOT, "in %.1f s", delay.toMillis() / 1e3);
    }
}
