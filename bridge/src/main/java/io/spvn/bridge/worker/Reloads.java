package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.RequestQueue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Replaces all workers at once, because what they run has changed: from the moment on at which the
/// supervisor begins, none of the old ones takes a request; those that come wait in the queue, and
/// that time does not count for them. When the new ones do not start none is left, and none follows
/// until it is asked for again.
final class Reloads implements Duty {
    /// What was asked for.
    ///
    /// @param limit how long the end of the old ones may take; then they are killed
    /// @param told why the new ones do not serve, null when they do
    private record Wish(Duration limit, Consumer<@Nullable WorkerFailure> told) {}

    private final Fleet fleet;
    private final Staff staff;
    private final Deaths deaths;
    private final Restarts restarts;
    private final RequestQueue requests;
    private final AtomicReference<@Nullable Wish> wanted = new AtomicReference<>();
    private volatile boolean failed;

    Reloads(Fleet fleet, Staff staff, Deaths deaths, Restarts restarts, RequestQueue requests) {
        this.fleet = fleet;
        this.staff = staff;
        this.deaths = deaths;
        this.restarts = restarts;
        this.requests = requests;
    }

    /// Takes the place of a wish that is not fulfilled yet, which hears nothing then. Workers that
    /// are starting are given up. For any thread.
    void ask(Duration limit, Consumer<@Nullable WorkerFailure> told) {
        wanted.set(new Wish(limit, told));
        fleet.everyone().stream()
                .filter(member -> member.worker().state() == WorkerState.BOOTING)
                .forEach(member -> member.worker().kill());
    }

    /// Whether the last one has left no worker.
    boolean failed() {
        return failed;
    }

    @Override
    public boolean due(long now) {
        return wanted.get() != null;
    }

    @Override
    public boolean attend(long now) throws InterruptedException {
        Wish wish = wanted.getAndSet(null);
        if (wish == null) {
            return false;
        }
        requests.hold();
        deaths.pause(true);
        failed = false;
        end(fleet.inPlace(), wish.limit());
        @Nullable WorkerFailure failure = startAll(wish.limit());
        deaths.pause(failure != null);
        failed = failure != null;
        if (wanted.get() == null) {
            requests.release();
            wish.told().accept(failure);
        }
        return true;
    }

    private void end(List<Member> members, Duration limit) throws InterruptedException {
        members.forEach(member -> staff.dismiss(member, limit));
        if (!Ends.await(members, limit)) {
            members.forEach(member -> member.worker().kill());
        }
    }

    private @Nullable WorkerFailure startAll(Duration limit) throws InterruptedException {
        for (Member member : fleet.inPlace()) {
            try {
                staff.succeed(member.number());
                restarts.count(RestartReason.RELOAD);
            } catch (WorkerFailure failure) {
                end(fleet.inPlace(), limit);
                return failure;
            }
        }
        return null;
    }
}
