package io.spvn.server.http2;

import io.spvn.bridge.exchange.Ledger;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.Connection;
import io.spvn.server.connection.Conversation;
import io.spvn.server.connection.Due;
import io.spvn.server.connection.Ending;
import io.spvn.server.connection.Timeouts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// HTTP/2 on one connection: its life. What the client says is read by [Http2Reader], what it is
/// told is written by [Http2Writer].
///
///     OPEN      requests are taken
///     DRAINING  the server stops, and has said so (RFC 9113 6.8); requests that are under way are
///               taken until the client has heard of it
///     LAST      no other is taken; those in hand are answered
///     OVER      all is said
///
/// The reader, responders and the registry meet here; what they share is in objects of their own.
final class Http2Connection implements Conversation {
    /// How far the end of the connection is.
    private enum Phase {
        OPEN,
        DRAINING,
        LAST,
        OVER
    }

    /// For the answer to SETTINGS.
    private static final Duration SETTINGS_PATIENCE = Duration.ofSeconds(5);

    /// For the client to hear that the server stops.
    private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(1);

    /// Says nothing of the requests that were taken.
    private static final int ANY_STREAM = Integer.MAX_VALUE;

    private static final long DRAIN_PING = 0x7370766E_73746F70L;

    /// What may wait to be said to a client that does not read.
    private static final int MOST_CONTROLS = 2000;

    private final Connection connection;
    private final Ending ending;
    private final PeerSettings peer = new PeerSettings();
    private final Budgets budgets = new Budgets();
    private final Streams streams;
    private final Http2Writer writer;
    private final Http2Reader reader;
    private volatile @Nullable Thread thread; // that reads; null before it does
    private final long begunAt = System.nanoTime();
    private volatile boolean acknowledged;
    private volatile boolean broken;
    private volatile Phase phase = Phase.OPEN; // changed under the monitor
    private volatile long drainingSince;

    Http2Connection(Connection connection, Http2 http) {
        this.connection = connection;
        this.ending = connection.ending();
        this.streams = new Streams(connection.clock(), http.maxStreams);
        this.writer = new Http2Writer(connection, http, this);
        this.reader = new Http2Reader(connection, http, this);
    }

    @Override
    public @Nullable Conversation run() throws InterruptedException {
        thread = Thread.currentThread();
        writer.add(new Control.Greeting());
        if (!connection.isWithinLimit()) {
            fail(
                    Http2Error.ofConnection(
                            ErrorCode.ENHANCE_YOUR_CALM,
                            Rejected.TOO_MANY_CONNECTIONS,
                            "too many connections"));
            return null;
        }
        try {
            if (!reader.readAll()) {
                awaitAnswers();
            }
        } catch (Http2Error error) {
            fail(error);
        }
        return null;
    }

    /// The client has ended its side, and may read on.
    private void awaitAnswers() throws InterruptedException {
        streams.all().forEach(stream -> stream.body().truncated());
        writer.writeSoon();
        ending.away(true);
        streams.awaitNone();
    }

    // ---- for its parts

    PeerSettings peer() {
        return peer;
    }

    Budgets budgets() {
        return budgets;
    }

    Streams streams() {
        return streams;
    }

    Http2Writer writer() {
        return writer;
    }

    Ledger ledger() {
        return connection.ledger();
    }

    Timeouts timeouts() {
        return connection.timeouts();
    }

    /// Whether the caller is the reader, which writes what there is before it waits.
    boolean isReader() {
        return Thread.currentThread() == thread;
    }

    boolean isBroken() {
        return broken;
    }

    /// Whether no other request is taken.
    boolean isLast() {
        return phase.compareTo(Phase.LAST) >= 0;
    }

    boolean isOver() {
        return phase == Phase.OVER;
    }

    /// Whether the client has taken note of what the server has said of itself.
    boolean isAcknowledged() {
        return acknowledged;
    }

    void acknowledged() {
        acknowledged = true;
    }

    /// Reader: too much waits for a client that only asks.
    boolean isSwamped() {
        return writer.waiting() > MOST_CONTROLS;
    }

    // ---- how it ends

    /// The connection ends for what its client has done. Any thread; does not wait for it.
    void fail(Http2Error error) {
        connection.refused(error.reason(), error.text());
        synchronized (this) {
            if (phase.compareTo(Phase.LAST) < 0) {
                phase = Phase.LAST;
            }
            ending.setLast();
        }
        writer.add(new Control.GoAway(streams.seal(), error.code(), error.text()));
        streams.all().forEach(Http2Stream::broken);
        writer.writeSoon();
    }

    /// No other request is taken. Any thread; does not wait for the client.
    void last() {
        synchronized (this) {
            if (phase.compareTo(Phase.LAST) >= 0) {
                return;
            }
            phase = Phase.LAST;
            ending.setLast();
        }
        writer.add(new Control.GoAway(streams.seal(), ErrorCode.NO_ERROR, ""));
        writer.writeSoon();
    }

    /// The client has answered a ping of ours.
    void ponged(long data) {
        if (data == DRAIN_PING && phase == Phase.DRAINING) {
            last();
        }
    }

    /// Whoever has written: when all has been said the connection is over.
    void finishIfDone() {
        if (phase != Phase.LAST || !streams.isEmpty() || writer.waiting() > 0) {
            return;
        }
        synchronized (this) {
            if (phase == Phase.OVER) {
                return;
            }
            phase = Phase.OVER;
        }
        ending.finish();
    }

    // ---- registry

    @Override
    public void tick(long now) {
        if (!streams.isEmpty()) {
            streams.all().forEach(stream -> stream.tick(now));
        }
        if (!acknowledged && phase == Phase.OPEN && now - begunAt > SETTINGS_PATIENCE.toNanos()) {
            fail(
                    Http2Error.ofConnection(
                            ErrorCode.SETTINGS_TIMEOUT,
                            Rejected.HEADER_TIMEOUT,
                            "SETTINGS were not acknowledged"));
        }
        if (ending.isNear() && phase == Phase.OPEN) {
            drain(now);
        } else if (phase == Phase.DRAINING && now - drainingSince > DRAIN_PATIENCE.toNanos()) {
            last();
        }
    }

    private void drain(long now) {
        synchronized (this) {
            if (phase != Phase.OPEN) {
                return;
            }
            phase = Phase.DRAINING;
            drainingSince = now;
        }
        writer.add(new Control.GoAway(ANY_STREAM, ErrorCode.NO_ERROR, ""));
        writer.add(new Control.Ping(DRAIN_PING, false));
        writer.writeSoon();
    }

    /// The rest of a head, or of the preface.
    @Override
    public void late(Due due) {
        fail(
                Http2Error.ofConnection(
                        ErrorCode.ENHANCE_YOUR_CALM,
                        Rejected.HEADER_TIMEOUT,
                        "a request did not arrive in time"));
    }

    @Override
    public void farewell() {
        last();
    }

    @Override
    public boolean cut(Rejected reason) {
        if (streams.isEmpty()) {
            return false;
        }
        last();
        streams.all().forEach(stream -> stream.cut(reason));
        writer.write();
        return true;
    }

    @Override
    public long unwritten() {
        return streams.all().stream().mapToLong(each -> each.exchange().unwrittenInHeap()).sum();
    }

    // ---- any thread

    @Override
    public String inHand() {
        int count = streams.size();
        return streams.all().stream()
                .findFirst()
                .map(each -> each.exchange() + (count > 1 ? " and " + (count - 1) + " more" : ""))
                .orElse("");
    }

    @Override
    public void broken() {
        broken = true;
        streams.seal();
        streams.all().forEach(Http2Stream::broken);
        writer.write(); // gives back what they hold; nothing goes out
    }

    @Override
    public void close() {
        reader.close();
    }
}
