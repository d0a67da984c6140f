package io.spvn.loadtest.compare;

import io.spvn.loadtest.attack.Attack;
import io.spvn.loadtest.attack.Plan;
import io.spvn.loadtest.attack.Run;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Carries out attacks, one after the other, and can be stopped from another thread.
final class Engine {
    private final AtomicReference<@Nullable Attack> current = new AtomicReference<>();
    private volatile boolean stopped;

    /// @throws Stopped after [#stop]
    Run run(Plan plan) {
        Attack attack = new Attack(plan);
        current.set(attack);
        try {
            checkStopped();
            Run run = attack.run(_ -> {});
            checkStopped();
            return run;
        } finally {
            current.set(null);
        }
    }

    /// Ends the attack that is going on, and lets no other begin.
    void stop() {
        stopped = true;
        Attack attack = current.get();
        if (attack != null) {
            attack.stop();
        }
    }

    boolean isStopped() {
        return stopped;
    }

    void checkStopped() {
        if (stopped) {
            throw new Stopped();
        }
    }
}
