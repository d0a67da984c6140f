package io.spvn.server.http1;

import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.ClientClock;
import io.spvn.server.connection.Ending;
import io.spvn.server.connection.PlainSocket;
import io.spvn.server.connection.Registry;
import io.spvn.server.connection.SocketOutput;
import io.spvn.server.connection.TimedConnection;
import io.spvn.server.http.BodyIntake;
import io.spvn.server.http.HttpError;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// What becomes of a connection whose client is late, or whose server stops. The registry's thread;
/// what may block is done by a virtual thread.
final class Lateness implements TimedConnection {
    /// Ticks after which nothing is waited for any more when the time to stop is up.
    private static final int LAST_WORDS = 10;

    /// How often it is looked whether the client of a reader that is away is still there.
    private static final long EVERY_NANOS = 1_000_000_000;

    private final Http1Connection connection;
    private final PlainSocket socket;
    private final Registry registry;
    private final ClientClock clock;
    private final Ending ending;
    private final SocketOutput output;
    private int aborts;
    private long nextLook = System.nanoTime();

    Lateness(
            Http1Connection connection,
            PlainSocket socket,
            Registry registry,
            ClientClock clock,
            Ending ending,
            SocketOutput output) {
        this.connection = connection;
        this.socket = socket;
        this.registry = registry;
        this.clock = clock;
        this.ending = ending;
        this.output = output;
    }

    @Override
    public void tick(long now) {
        BodyIntake body = connection.body();
        if (body != null) {
            body.tick(now);
        }
        if (connection.isAway() && hasLeft(now)) {
            connection.breakOff();
        }
        clock.hurryIdle(now);
        if (registry.stopping() && clock.windDown(now)) {
            connection.breakOff();
        }
        switch (clock.takeLate(now)) {
            case NOTHING, LEAVE -> {}
            case FIRST_BYTE, REQUEST -> cut(Rejected.IDLE_TIMEOUT);
            case HEAD -> Thread.startVirtualThread(this::headLate);
            case BODY -> Thread.startVirtualThread(() -> bodyLate(body));
            case END -> endLate(now);
        }
        if (output.isLate(now)) {
            cutOff(Rejected.WRITE_TIMEOUT);
        } else if (output.holds(now) && !output.enter(now, connection.unwritten())) {
            cutOff(Rejected.MEMORY);
        }
    }

    private boolean hasLeft(long now) {
        if (now - nextLook < 0) {
            return false;
        }
        nextLook = now + EVERY_NANOS;
        return socket.hasReset();
    }

    private void cut(Rejected reason) {
        connection.refused(reason);
        connection.breakOff();
    }

    /// A client that does not read will not take what the system still has for it either.
    private void cutOff(Rejected reason) {
        connection.refused(reason);
        ending.abort();
        connection.breakOff();
    }

    private void endLate(long now) {
        if (ending.isOverdue(now)) {
            connection.breakOff();
        }
    }

    /// The reader has lost its claim on this head, and no response is being written.
    private void headLate() {
        ending.setLast();
        try {
            connection.answer(
                    new HttpError(Rejected.HEADER_TIMEOUT, "the request did not arrive in time"),
                    () -> "");
        } catch (UncheckedIOException gone) {
            connection.breakOff();
            return;
        }
        ending.finish();
    }

    private void bodyLate(@Nullable BodyIntake body) {
        if (body == null || connection.answered()) {
            cut(Rejected.BODY_TIMEOUT);
        } else {
            body.timeOut();
        }
    }

    /// The time to stop is up: a client that has got nothing yet is told so.
    @Override
    public void abort() {
        if (++aborts == 1) {
            Thread.startVirtualThread(this::endNow);
        } else if (aborts > LAST_WORDS) {
            connection.breakOff();
        }
    }

    private void endNow() {
        if (!connection.cutUnanswered(Rejected.STOPPING)) {
            connection.breakOff();
        }
    }
}
