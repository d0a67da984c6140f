package io.spvn.server.connection;

import io.spvn.bridge.exchange.Ledger;
import java.time.Duration;

/// A registry without its thread, whose time passes as the test says.
final class HandClock {
    final Ledger ledger = new Ledger(1 << 20);
    final Registry registry = new Registry(8, ledger, () -> {});

    /// Ticks until so much time has passed.
    void pass(Duration time) {
        long end = registry.now() + time.toNanos();
        while (registry.now() - end < 0) {
            tick();
        }
    }

    void tick() {
        long moment = registry.now() + Registry.TICK.toNanos();
        for (int share = 0; share < Registry.SHARES; share++) {
            registry.look(share, moment);
        }
        registry.endTick();
    }
}
