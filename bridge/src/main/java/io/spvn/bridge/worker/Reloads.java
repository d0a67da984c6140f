package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.RequestQueue;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Replaces all workers at once, because what they run has changed: from the moment on at which
/// that is asked for, or expected, no request is taken and the time for which they wait does not
/// count. When the new ones do not start none is left, and none follows until it is asked for
/// again.
///
/// The old ones end before the new ones start: the app has given back its files and ports then, and
/// nobody sees two of them at work.
final class Reloads implements Duty {
    /// What was asked for.
    ///
    /// @param limit how long the end of the old ones may take; then they are killed
    /// @param told why the new ones do not serve, null when they do
    private record Wish(Duration limit, Consumer<@Nullable WorkerFailure> told) {}

    private final int size;
    private final Fleet fleet;
    private final Staff staff;
    private final Deaths deaths;
    private final Restarts restarts;
    private final RequestQueue requests;
    private final Runnable onRelease;
    private boolean expected; // all three guarded by the monitor
    private @Nullable Wish wanted;
    private boolean underWay;
    private volatile @Nullable WorkerFailure failure; // why no worker serves
    private Consumer<@Nullable WorkerFailure> told = _ -> {}; // supervisor's: who asked last
    private boolean complete; // supervisor's: whether as many as are wanted have ever served

    /// @param size of a fleet that has nobody yet
    /// @param onRelease called once requests are held no longer
    Reloads(
            int size,
            Fleet fleet,
            Staff staff,
            Deaths deaths,
            Restarts restarts,
            RequestQueue requests,
            Runnable onRelease) {
        this.size = size;
        this.fleet = fleet;
        this.staff = staff;
        this.deaths = deaths;
        this.restarts = restarts;
        this.requests = requests;
        this.onRelease = onRelease;
    }

    /// See [Reloadable#expectReload].
    synchronized void expect() {
        expected = true;
        requests.hold();
    }

    /// See [Reloadable#callOffReload].
    void callOff() {
        synchronized (this) {
            expected = false;
        }
        releaseIfOver();
    }

    /// Takes the place of a wish that is not fulfilled yet, which hears nothing then. Workers that
    /// are starting are given up. For any thread.
    void ask(Duration limit, Consumer<@Nullable WorkerFailure> told) {
        List<Member> starting;
        synchronized (this) {
            requests.hold();
            expected = false;
            starting = starting(); // before the wish can be taken: those of its own are not meant
            wanted = new Wish(limit, told);
        }
        starting.forEach(member -> member.worker().kill());
    }

    private List<Member> starting() {
        return fleet.everyone().stream()
                .filter(member -> member.worker().state() == WorkerState.BOOTING)
                .toList();
    }

    /// Whether no worker is left, and none follows.
    synchronized boolean failed() {
        return failure != null && !expected && wanted == null && !underWay;
    }

    /// Why no worker is left, with the traceback; "" when that is not so.
    String fault() {
        WorkerFailure found = failure;
        return found == null ? "" : found.report("");
    }

    /// The workers have ended again and again. On the supervisor's thread.
    void giveUp(WorkerFailure why) {
        deaths.pause(true);
        failure = why;
        releaseIfOver();
        told.accept(why);
    }

    @Override
    public synchronized boolean due(long now) {
        return wanted != null;
    }

    private synchronized @Nullable Wish take() {
        Wish wish = wanted;
        wanted = null;
        underWay = wish != null;
        return wish;
    }

    private synchronized boolean takenBack() {
        return wanted != null;
    }

    @Override
    public boolean attend(long now) throws InterruptedException {
        Wish wish = take();
        if (wish == null) {
            return false;
        }
        told = wish.told();
        try {
            carryOut(wish);
        } finally {
            synchronized (this) {
                underWay = false;
            }
            releaseIfOver();
        }
        if (!takenBack()) {
            told.accept(failure);
        }
        return true;
    }

    private void carryOut(Wish wish) throws InterruptedException {
        deaths.pause(true);
        end(fleet.inPlace(), wish.limit());
        WorkerFailure found = startAll(wish.limit());
        deaths.pause(found != null);
        failure = found;
    }

    private void releaseIfOver() {
        synchronized (this) {
            if (expected || wanted != null || underWay) {
                return;
            }
            requests.release();
        }
        onRelease.run();
    }

    private void end(List<Member> members, Duration limit) throws InterruptedException {
        members.forEach(member -> staff.dismiss(member, limit));
        if (!Ends.await(members, limit)) {
            members.forEach(member -> member.worker().kill());
        }
    }

    private @Nullable WorkerFailure startAll(Duration limit) throws InterruptedException {
        try {
            for (Member member : fleet.inPlace()) {
                staff.succeed(member.number());
                restarts.count(RestartReason.RELOAD);
            }
            while (!complete && fleet.inPlace().size() < size) {
                staff.add();
            }
            complete = true;
            return null;
        } catch (WorkerFailure failure) {
            end(fleet.inPlace(), limit);
            return failure;
        }
    }
}
