package io.spvn.bridge.worker;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Replaces all workers, one after the other. Asked again while it does so, it does so once more
/// when it is through. One that cannot be replaced ends the roll: the others would hardly fare
/// better.
final class Rolls implements Duty {
    private static final System.Logger LOG = System.getLogger(Rolls.class.getName());

    private final Fleet fleet;
    private final Replacement replacement;
    private final Runnable onBegin;
    private final Deque<Member> left = new ArrayDeque<>(); // supervisor's
    private volatile RestartReason reason = RestartReason.HANGUP;
    private volatile Runnable told = () -> {};
    private volatile boolean asked;
    private volatile boolean rolling;

    /// @param onBegin called before the first is replaced
    Rolls(Fleet fleet, Replacement replacement, Runnable onBegin) {
        this.onBegin = onBegin;
        this.fleet = fleet;
        this.replacement = replacement;
    }

    /// For any thread.
    ///
    /// @param whenOver called when it is through; takes the place of one from before
    void ask(RestartReason why, Runnable whenOver) {
        reason = why;
        told = whenOver;
        asked = true;
    }

    @Override
    public boolean due(long now) {
        return asked || rolling;
    }

    @Override
    public boolean attend(long now) throws InterruptedException {
        if (!replacement.ready()) {
            return false;
        }
        if (!rolling) {
            return begin();
        }
        Member next = nextInPlace();
        if (next == null) {
            end("all workers are replaced");
        } else if (!replacement.replace(next, reason)) {
            end("the other workers are not replaced");
        }
        return true;
    }

    private boolean begin() {
        boolean wanted = asked;
        asked = false;
        if (wanted) {
            onBegin.run();
            fleet.inPlace().stream().filter(this::isMeant).forEach(left::add);
            rolling = true;
        }
        return wanted;
    }

    private boolean isMeant(Member member) {
        return reason != RestartReason.REFUSED || !member.kind().replaceable();
    }

    private void end(String how) {
        left.clear();
        rolling = false;
        LOG.log(System.Logger.Level.INFO, how);
        if (!asked) {
            told.run();
        }
    }

    /// One that ends is followed anyway, and one that has left was.
    private @Nullable Member nextInPlace() {
        Member next = left.poll();
        while (next != null && (next.isLeaving() || !fleet.inPlace().contains(next))) {
            next = left.poll();
        }
        return next;
    }
}
