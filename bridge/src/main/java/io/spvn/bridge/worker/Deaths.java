package io.spvn.bridge.worker;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Workers that end by themselves, or were killed: others follow, later and later when that does
/// not help ([Respawn]).
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
    private final Departures departures;
    private final Restarts restarts;
    private final Consumer<WorkerFailure> onHopeless;
    private final LongSupplier clock;
    private final Map<Integer, Respawn> respawns = new HashMap<>(); // supervisor's
    private int inARow; // supervisor's
    private volatile Map<Member, Death> waiting = Map.of();
    private volatile boolean paused;

    /// @param onHopeless told why no worker will serve any more
    Deaths(
            Fleet fleet,
            Staff staff,
            Departures departures,
            Restarts restarts,
            Consumer<WorkerFailure> onHopeless,
            LongSupplier clock) {
        this.fleet = fleet;
        this.staff = staff;
        this.departures = departures;
        this.restarts = restarts;
        this.onHopeless = onHopeless;
        this.clock = clock;
    }

    /// Whether the dead are left alone. After that they are forgiven.
    void pause(boolean whether) {
        paused = whether;
        if (!whether) {
            inARow = 0;
        }
    }

    @Override
    public boolean due(long now) {
        return !paused && fleet.inPlace().stream().anyMatch(each -> due(each, now));
    }

    private boolean due(Member member, long now) {
        Death death = waiting.get(member);
        return member.isLeaving() && (death == null || now - death.respawn().due() >= 0);
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
                    follow(death);
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
        Boot boot = member.worker().boot();
        next(death, epitaph(member, boot, now), boot == null ? "" : boot.traceback());
    }

    private static RestartReason reason(Member member) {
        if (member.tenure().killed()) {
            return RestartReason.HUNG;
        }
        Boot boot = member.worker().boot();
        boolean failed = boot != null && boot.outcome() == Boot.Outcome.FAILED;
        return failed ? RestartReason.CRASHED : RestartReason.EXITED;
    }

    private static String epitaph(Member member, @Nullable Boot boot, long now) {
        String said = boot == null ? "" : boot.message();
        return String.format(
                Locale.ROOT,
                "%s, after %.1f s",
                said.isEmpty() ? member.name() + " ends by itself" : said,
                member.tenure().served(now).toNanos() / 1e9);
    }

    private void follow(Death death) throws InterruptedException {
        int number = death.member().number();
        try {
            Member before = staff.succeed(number);
            restarts.count(death.reason());
            if (!before.hasEnded()) {
                departures.add(before);
            }
        } catch (WorkerFailure failure) {
            death.respawn().ended(clock.getAsLong(), false);
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
