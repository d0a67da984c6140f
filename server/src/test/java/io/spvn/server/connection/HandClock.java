package io.spvn.server.connection;

import io.spvn.bridge.exchange.Ledger;
import java.time.Duration;

/// A registry without its thread, whose time passes as the test says.
public final class HandClock {
    public final Ledger ledger = new Ledger(1 << 20);
    public final Registry registry = new Registry(8, ledger, () -> {});

    /// Ticks until so much time has passed.
    public void pass(Duration time) {
        long end = registry.now() + time.toNanos();
        while (registry.now() - end < 0) {
            tick();
        }
    }

    public void tick() {
        long moment = registry.now() + Registry.TICK.toNanos();
        for (int share = 0; share < Registry.SHARES; share++) {
            registry.look(share, moment);
        }
        registry.endTick();
    }
}
