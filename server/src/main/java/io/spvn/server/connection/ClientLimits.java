package io.spvn.server.connection;

import io.spvn.bridge.asgi.Endpoint;
import io.spvn.bridge.exchange.Rejected;
import java.net.Inet6Address;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How many connections one client may have open, and how many it may open in a second. A client is
/// an address of IPv4, or the first 64 bits of one of IPv6, which is what one subscriber has;
/// clients of Unix sockets are not told apart, and not limited.
///
/// What is known of a client is kept while it has a connection open, and until it may open as many
/// at once as it ever may: a second. Of more than [#MOST] clients at a time the others are not
/// limited, and nothing is kept. For any thread.
public final class ClientLimits {
    /// Clients of which something is kept at a time.
    static final int MOST = 100_000;

    private static final double SECOND = 1e9;
    private static final int PREFIX_GROUPS = 4;

    private final int connections;
    private final int rate;
    private final LongSupplier clock;
    private final ConcurrentHashMap<String, Tally> clients = new ConcurrentHashMap<>();
    private long nextSweep;

    /// @param connections open at a time; 0: any number
    /// @param rate connections a second, and at once; 0: any number
    /// @param clock as [System#nanoTime]
    public ClientLimits(int connections, int rate, LongSupplier clock) {
        this.connections = connections;
        this.rate = rate;
        this.clock = clock;
        this.nextSweep = clock.getAsLong();
    }

    /// Of one client; guarded by the map.
    private static final class Tally {
        private int open;
        private double left;
        private long at;
    }

    /// Whether a client may have a connection more.
    private enum Answer {
        YES,
        UNCOUNTED,
        TOO_MANY,
        TOO_FAST
    }

    /// How connections begin that are counted.
    ///
    /// @param inner how they go on
    public Opening.Kind before(Opening.Kind inner) {
        return socket -> {
            Opening opening = inner.of(socket);
            return new Opening(
                    opening.socket(), begun -> new Door(begun, this, opening.protocol()));
        };
    }

    /// Whether a connection may go on. Counts it then, until it is over.
    boolean admit(Connection connection) {
        String client = client(connection.peers().client());
        return client == null || admit(connection, client);
    }

    private boolean admit(Connection connection, String client) {
        Answer answer = enter(client);
        switch (answer) {
            case YES -> connection.atEnd(() -> leave(client));
            case UNCOUNTED -> {}
            case TOO_MANY -> connection.turnAway(Rejected.CLIENT_CONNECTIONS, "");
            case TOO_FAST -> connection.turnAway(Rejected.CLIENT_RATE, "");
        }
        return answer == Answer.YES || answer == Answer.UNCOUNTED;
    }

    private Answer enter(String client) {
        if (clients.size() >= MOST && !clients.containsKey(client)) {
            return Answer.UNCOUNTED;
        }
        long now = clock.getAsLong();
        Answer[] answer = {Answer.YES};
        clients.compute(
                client,
                (_, known) -> {
                    Tally tally = known == null ? fresh(now) : known;
                    answer[0] = count(tally, now);
                    return tally;
                });
        return answer[0];
    }

    private Tally fresh(long now) {
        Tally tally = new Tally();
        tally.left = rate;
        tally.at = now;
        return tally;
    }

    private Answer count(Tally tally, long now) {
        if (rate > 0) {
            tally.left = Math.min(rate, tally.left + (now - tally.at) * rate / SECOND);
            tally.at = now;
            if (tally.left < 1) {
                return Answer.TOO_FAST;
            }
            tally.left -= 1;
        }
        if (connections > 0 && tally.open >= connections) {
            return Answer.TOO_MANY;
        }
        tally.open++;
        return Answer.YES;
    }

    private void leave(String client) {
        clients.computeIfPresent(
                client,
                (_, tally) -> {
                    tally.open--;
                    return isOver(tally, clock.getAsLong()) ? null : tally;
                });
    }

    private boolean isOver(Tally tally, long now) {
        return tally.open == 0 && (rate == 0 || now - tally.at >= SECOND);
    }

    /// Forgets clients of which there is no more to know, once a second. One thread's.
    public void tick() {
        long now = clock.getAsLong();
        if (now - nextSweep >= 0) {
            nextSweep = now + (long) SECOND;
            clients.keySet()
                    .forEach(
                            client ->
                                    clients.computeIfPresent(
                                            client,
                                            (_, tally) -> isOver(tally, now) ? null : tally));
        }
    }

    /// Clients of which something is kept.
    int size() {
        return clients.size();
    }

    private static @Nullable String client(@Nullable Endpoint client) {
        if (client == null || client.port() < 0) {
            return null;
        }
        return client.host().indexOf(':') < 0 ? client.host() : network(client.host());
    }

    private static String network(String address) {
        byte[] octets = Inet6Address.ofLiteral(address).getAddress();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 2 * PREFIX_GROUPS; i++) {
            text.append((char) ('A' + (octets[i] >> 4 & 0xF)))
                    .append((char) ('A' + (octets[i] & 0xF)));
        }
        return text.toString();
    }

    /// What all connections come through.
    private record Door(Connection connection, ClientLimits limits, Protocol next)
            implements Conversation {
        @Override
        public @Nullable Conversation run() {
            return limits.admit(connection) ? next.on(connection) : null;
        }

        @Override
        public void late(Due due) {
            connection.ending().breakOff();
        }

        @Override
        public void broken() {
            // nobody waits
        }
    }
}
