package io.spvn.server.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.Ledger;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RegistryTest {
    private final Registry registry = new Registry(2, new Ledger(1 << 20), () -> {});

    @BeforeEach
    void start() {
        registry.start();
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void connectionsAboveTheLimit_areNotAdmitted() {
        assertTrue(registry.add(new Ticking()));
        assertTrue(registry.add(new Ticking()));
        assertFalse(registry.add(new Ticking()));
        assertEquals(3, registry.size());
    }

    @Test
    void refusedConnections_takeNoPlaceOfOthers() {
        Ticking first = new Ticking();
        registry.add(first);
        registry.add(new Ticking());
        registry.add(new Ticking());
        registry.remove(first, true);
        assertTrue(registry.add(new Ticking()));
    }

    @Test
    void removalOfARefusedConnection_freesNoPlace() {
        registry.add(new Ticking());
        registry.add(new Ticking());
        Ticking refused = new Ticking();
        registry.remove(refused, registry.add(refused));
        assertFalse(registry.add(new Ticking()));
    }

    @Test
    void everyConnection_isTicked_thoughOneFails() throws InterruptedException {
        Ticking first = new Ticking();
        Ticking second = new Ticking();
        registry.add(first);
        registry.add(second);
        first.ticks.await();
        second.ticks.await();
    }

    @Test
    void bytes_areSummedUp() {
        registry.received(3);
        registry.received(4);
        registry.sent(5);
        assertEquals(7, registry.bytesReceived());
        assertEquals(5, registry.bytesSent());
    }

    /// Counts its ticks, and fails in each.
    private static final class Ticking implements TimedConnection {
        private final CountDownLatch ticks = new CountDownLatch(2);

        @Override
        public void tick(long now) {
            ticks.countDown();
            throw new IllegalStateException("a failure that must stop nothing");
        }

        @Override
        public void timeIsUp() {}
    }
}
