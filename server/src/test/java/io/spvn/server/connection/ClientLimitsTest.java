package io.spvn.server.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.helidon.common.concurrency.limits.FixedLimit;
import io.spvn.bridge.asgi.Endpoint;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.Rejected;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ClientLimitsTest {
    private static final long SECOND = 1_000_000_000;

    private final HandClock time = new HandClock();
    private final List<Rejected> refusals = new ArrayList<>();
    private long now;

    /// Runs a connection of `host` from its first to its last, and `meanwhile` while it is open.
    private void connect(ClientLimits limits, String host, Runnable meanwhile) {
        FakeSocket socket = new FakeSocket();
        socket.peers = new Peers("http", new Endpoint(host, 1), null);
        FakeConversation conversation = new FakeConversation();
        conversation.onRun = meanwhile;
        Opening opening = limits.before(Opening.plain(_ -> conversation)).of(socket.ends());
        ExchangeListener listener =
                new ExchangeListener() {
                    @Override
                    public void refused(Rejected reason) {
                        refusals.add(reason);
                    }
                };
        try {
            new Connection(
                            opening.socket(),
                            time.registry,
                            Timeouts.DEFAULT,
                            listener,
                            opening.protocol())
                    .handle(FixedLimit.create());
        } catch (InterruptedException ended) {
            throw new AssertionError(ended);
        }
    }

    private int served(ClientLimits limits, String... hosts) {
        int[] count = {0};
        Runnable all = () -> {};
        for (String host : hosts) {
            Runnable inner = all;
            all =
                    () ->
                            connect(
                                    limits,
                                    host,
                                    () -> {
                                        count[0]++;
                                        inner.run();
                                    });
        }
        all.run();
        return count[0];
    }

    @Test
    void connectionAboveTheLimit_isTurnedAway_untilOneEnds() {
        ClientLimits limits = new ClientLimits(2, 0, () -> now);
        assertEquals(2, served(limits, "10.0.0.1", "10.0.0.1", "10.0.0.1"));
        assertEquals(List.of(Rejected.CLIENT_CONNECTIONS), refusals);
        assertEquals(2, served(limits, "10.0.0.1", "10.0.0.1"));
        assertEquals(0, limits.size());
    }

    @Test
    void others_areNotAffected() {
        ClientLimits limits = new ClientLimits(1, 0, () -> now);
        assertEquals(2, served(limits, "10.0.0.1", "10.0.0.2"));
    }

    @Test
    void ipv6_isLimitedByItsNetwork() {
        ClientLimits limits = new ClientLimits(1, 0, () -> now);
        assertEquals(1, served(limits, "2001:db8::ffff:1", "2001:db8:0:0:9::2"));
        assertEquals(2, served(limits, "2001:db8::1", "2001:db8:0:1::1"));
    }

    @Test
    void rate_manyAtOnce_thenOneByOne() {
        ClientLimits limits = new ClientLimits(0, 4, () -> now);
        for (int i = 0; i < 6; i++) {
            connect(limits, "10.0.0.1", () -> {});
        }
        assertEquals(List.of(Rejected.CLIENT_RATE, Rejected.CLIENT_RATE), refusals);
        now += SECOND / 4;
        assertEquals(1, served(limits, "10.0.0.1"));
        assertEquals(0, served(limits, "10.0.0.1"));
        assertEquals(1, served(limits, "10.0.0.2"));
    }

    @Test
    void idleClients_areForgotten_afterASecond() {
        ClientLimits limits = new ClientLimits(0, 4, () -> now);
        connect(limits, "10.0.0.1", () -> {});
        assertEquals(1, limits.size());
        now += SECOND;
        limits.tick();
        assertEquals(0, limits.size());
    }

    @Test
    void moreClientsThanAreKept_areServed() {
        ClientLimits limits = new ClientLimits(0, 1, () -> now);
        for (int i = 0; i < ClientLimits.MOST; i++) {
            connect(limits, "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), () -> {});
        }
        assertEquals(2, served(limits, "192.0.2.1", "192.0.2.1"));
        assertTrue(limits.size() <= ClientLimits.MOST);
    }
}
