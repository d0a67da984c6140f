package io.spvn.bridge.worker;

import org.jspecify.annotations.Nullable;

/// What the workers of a pool run the app in: chosen before the first of them, and once more where
/// a module turns out to refuse sub-interpreters that nobody has asked for. For any thread; only
/// [#choose] may wait, for a trial.
final class ChosenKind {
    private static final System.Logger LOG = System.getLogger(WorkerPool.class.getName());

    private final WorkerSettings settings;
    private final Trial trial;
    private final Runnable onYield;
    private volatile @Nullable IsolationChoice choice; // changed under the monitor

    /// @param trial is asked what to run the app in, if that is open
    /// @param onYield called when workers that come are of another kind than those before; does not
    ///   block
    ChosenKind(WorkerSettings settings, Trial trial, Runnable onYield) {
        this.settings = settings;
        this.trial = trial;
        this.onYield = onYield;
    }

    /// Decides, unless that was done before.
    ///
    /// @throws WorkerFailure when nothing does for what the settings ask for
    void choose() throws InterruptedException {
        if (choice == null) {
            choose(
                    IsolationChoice.of(
                            settings.crew(),
                            settings.supervision().demandsReplaceable(),
                            settings.python(),
                            trial));
        }
    }

    private synchronized void choose(IsolationChoice chosen) {
        choice = chosen;
        if (chosen.isOwn() && chosen.isolation() != Isolation.MAIN) {
            LOG.log(System.Logger.Level.INFO, chosen.line(settings.crew().size()));
        }
    }

    /// A module does not load in a worker.
    ///
    /// @return whether workers follow in which it does
    synchronized boolean refused(String module) {
        IsolationChoice chosen = choice;
        if (chosen == null || !chosen.isOwn()) {
            return false;
        }
        if (chosen.isolation() == Isolation.SUBINTERPRETER) {
            choose(chosen.yieldTo(module));
            onYield.run();
        }
        return true;
    }

    /// The complaint about a module that does not load.
    String refusal(String module) {
        return made().refusal(module);
    }

    /// What workers that come run the app in.
    Isolation isolation() {
        return made().isolation();
    }

    private IsolationChoice made() {
        IsolationChoice chosen = choice;
        if (chosen == null) {
            throw new IllegalStateException("no worker before the choice of its kind");
        }
        return chosen;
    }

    /// Whether this is of the kind that was chosen last.
    boolean isOf(Member member) {
        return member.kind() == isolation();
    }

    /// Whether workers can be replaced; false before the choice.
    boolean replaceable() {
        IsolationChoice chosen = choice;
        return chosen != null && chosen.isolation().replaceable();
    }

    /// In the words of `--isolation`; `auto` before the choice.
    String label() {
        IsolationChoice chosen = choice;
        return chosen == null ? Isolation.AUTO.label() : chosen.label();
    }
}
