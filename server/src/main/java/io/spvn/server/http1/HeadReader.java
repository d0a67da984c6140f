package io.spvn.server.http1;

import io.spvn.bridge.exchange.Ledger;
import io.spvn.server.connection.ClientClock;
import io.spvn.server.connection.Connection;
import io.spvn.server.connection.Due;
import io.spvn.server.connection.Ending;
import io.spvn.server.connection.NoRoom;
import io.spvn.server.connection.SocketInput;
import io.spvn.server.http.HttpError;
import io.spvn.server.http.HttpSettings;
import org.jspecify.annotations.Nullable;

/// Reads the heads of a connection's requests, and sets its client's clock meanwhile: between two
/// requests, and from a head's first byte on. The reader's thread but for [#hasBegun].
final class HeadReader {
    private final Http1Connection owner;
    private final Ending ending;
    private final ClientClock clock;
    private final SocketInput input;
    private final Ledger ledger;
    private final HeadParser parser;
    private boolean clockRuns;
    private volatile boolean begun;
    private long weight;

    /// @param owner knows of the response in hand, and is told when the client sends no more
    HeadReader(Http1Connection owner, Connection connection, HttpSettings settings) {
        this.owner = owner;
        this.ending = connection.ending();
        this.clock = connection.clock();
        this.input = connection.input();
        this.ledger = connection.ledger();
        this.parser = new HeadParser(settings);
    }

    /// The next head, null when the client sends no more, or is not to.
    ///
    /// @throws HttpError when it is refused
    @Nullable RequestHead read() {
        int end = parse();
        while (end < 0) {
            startIdleClock();
            if (!fill(input)) {
                owner.inputEnded();
                return null;
            }
            clock.arrived();
            if (ending.isLast()) {
                return null;
            }
            end = parse();
        }
        input.consumedTo(end);
        return parser.head();
    }

    /// Reads what the client sends next of a head.
    ///
    /// @return false at the end of the input
    /// @throws HttpError when there is no room for it
    static boolean fill(SocketInput input) {
        try {
            return input.fill();
        } catch (NoRoom full) {
            throw HttpError.noRoom();
        }
    }

    private int parse() {
        if (input.isEmpty()) {
            return -1;
        }
        int end = parser.parse(input.buffer(), input.from(), input.to());
        if (end < 0) {
            begun = true;
            startHeadClock();
        }
        return end;
    }

    /// Between two requests. The responder starts this clock as well, at the end of a response; the
    /// reader may have been busy with the rest of a body then.
    private void startIdleClock() {
        if (owner.isBetweenRequests() && input.isEmpty()) {
            ending.expect(Due.REQUEST);
        }
    }

    /// The time for a head runs from its first byte and is not extended by the next ones.
    private void startHeadClock() {
        if (!clockRuns && owner.isQuiet()) {
            clockRuns = true;
            ending.expect(Due.HEAD);
        }
    }

    /// Enters a head in the ledger in place of the one before.
    ///
    /// @return false when there is no room for it
    boolean hold(RequestHead head) {
        giveBack();
        long wanted = Ledger.weight(head.headers().block().length);
        boolean held = ledger.take(wanted);
        weight = held ? wanted : 0;
        return held;
    }

    private void giveBack() {
        ledger.giveBack(weight);
        weight = 0;
    }

    /// The head that was read is done with.
    void next() {
        clockRuns = false;
        begun = false;
    }

    /// Whether a part of the next head has come.
    boolean hasBegun() {
        return begun;
    }

    /// Gives back what it holds.
    void close() {
        giveBack();
    }
}
