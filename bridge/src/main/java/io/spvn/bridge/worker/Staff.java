package io.spvn.bridge.worker;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/// Who has a place: workers are added, replaced and told to leave, one change after another. For
/// any thread; who makes a change waits for those before.
final class Staff {
    private final Fleet fleet;
    private final Launcher launcher;
    private final QueueDispatcher dispatcher;
    private final Runnable onChange;
    private final ReentrantLock changes = new ReentrantLock();

    /// @param onChange called after each change
    Staff(Fleet fleet, Launcher launcher, QueueDispatcher dispatcher, Runnable onChange) {
        this.fleet = fleet;
        this.launcher = launcher;
        this.dispatcher = dispatcher;
        this.onChange = onChange;
    }

    /// Workers that come share nothing with those before that may have changed meanwhile.
    void renew() {
        launcher.renew();
    }

    /// Starts one more worker, which gets requests when this returns.
    ///
    /// @throws WorkerFailure when it cannot be brought up
    Member add() throws InterruptedException {
        changes.lockInterruptibly();
        try {
            return join(launcher.launch(fleet.freeNumber()));
        } finally {
            changes.unlock();
        }
    }

    /// Starts a worker that takes the place of another, which gets requests until then.
    ///
    /// @return the other, which is still to be dismissed
    /// @throws WorkerFailure when the new one cannot be brought up; the other keeps its place
    Member succeed(int number) throws InterruptedException {
        changes.lockInterruptibly();
        try {
            Member before = inPlace(number);
            join(launcher.launch(number));
            return before;
        } finally {
            changes.unlock();
        }
    }

    /// Has a worker that no other follows give up its place.
    ///
    /// @return it, which is still to be dismissed
    /// @throws IllegalStateException when no other serves
    Member leave(int number) throws InterruptedException {
        changes.lockInterruptibly();
        try {
            Member leaving = inPlace(number);
            if (!fleet.servesWithout(leaving)) {
                throw new IllegalStateException("no worker serves but worker " + number);
            }
            fleet.leave(leaving);
            onChange.run();
            return leaving;
        } finally {
            changes.unlock();
        }
    }

    private Member inPlace(int number) {
        Member member = fleet.find(number);
        if (member == null) {
            throw new IllegalArgumentException("there is no worker " + number);
        }
        return member;
    }

    private Member join(Member member) {
        fleet.join(member);
        onChange.run(); // it may have ended meanwhile
        return member;
    }

    /// Has one that gets no requests any more come to its end. Does not block.
    void dismiss(Member member, Duration limit) {
        member.worker().drain();
        member.stop(limit);
        dispatcher.wakeForWaiting(); // for what it was woken for and does not take any more
    }
}
