package io.spvn.bridge.process;

import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.process.Message.Down;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The large bodies that a child keeps for the server, by their numbers. For any thread.
final class Bodies {
    private final Map<Integer, PulledBody> bodies = new ConcurrentHashMap<>();
    private final Feeder feeder;
    private volatile boolean over;

    Bodies(Feeder feeder) {
        this.feeder = feeder;
    }

    /// A child offers one. It is larger than a piece, so no writer who must not wait takes it.
    Payload offered(int number, long length) throws Garbled {
        if (length <= PulledBody.PIECE) {
            throw new Garbled("a large body of " + length + " bytes");
        }
        PulledBody body =
                new PulledBody(length, () -> feeder.order(Down.PULL, number), () -> drop(number));
        if (bodies.putIfAbsent(number, body) != null) {
            throw new Garbled("a second body of the number " + number);
        }
        if (over) {
            body.fail();
        }
        return body;
    }

    /// A piece of one has come; one that nobody wants any more is dropped.
    void came(int number, byte[] piece) throws Garbled {
        PulledBody body = bodies.get(number);
        if (body != null && body.came(piece)) {
            bodies.remove(number);
        }
    }

    /// The child cannot read any more of one.
    void lost(int number) {
        PulledBody body = bodies.remove(number);
        if (body != null) {
            body.fail();
        }
    }

    /// The child has gone.
    void fail() {
        over = true;
        bodies.values().forEach(PulledBody::fail);
        bodies.clear();
    }

    private void drop(int number) {
        if (bodies.remove(number) != null) {
            feeder.order(Down.DROP, number);
        }
    }
}
