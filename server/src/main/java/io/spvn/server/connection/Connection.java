package io.spvn.server.connection;

import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.spi.ServerConnection;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.exchange.Access;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.Ledger;
import io.spvn.bridge.exchange.RefusalLog;
import io.spvn.bridge.exchange.Rejected;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Supplier;

/// One accepted connection, whatever is spoken on it: its socket, what comes in and goes out, the
/// clock of its client, and its end.
///
///     accepted -> registered, with a deadline -> a conversation, and whatever that hands it on to
///              -> lingering -> closed -> all that it held given back
///
/// It is served in a virtual thread of its own, the reader. Responses are written by others: one
/// thread reads the socket, one writes it, and any may close it.
public final class Connection implements ServerConnection {
    private final Registry registry;
    private final Timeouts timeouts;
    private final ExchangeListener listener;
    private final Socket socket;
    private final SocketInput input;
    private final SocketOutput output;
    private final ClientClock clock;
    private final Ending ending;
    private volatile Peers peers;
    private volatile Conversation conversation;
    private boolean admitted;
    private Runnable atEnd = () -> {}; // the reader's

    /// @param listener told of refusals
    /// @param protocol what is spoken at first
    public Connection(
            Socket socket,
            Registry registry,
            Timeouts timeouts,
            ExchangeListener listener,
            Protocol protocol) {
        this.registry = registry;
        this.timeouts = timeouts;
        this.listener = listener;
        this.socket = socket;
        this.peers = socket.peers();
        this.input = new SocketInput(socket, registry);
        this.output = new SocketOutput(socket, registry, timeouts.write());
        this.clock = new ClientClock(registry, timeouts);
        this.ending =
                new Ending(socket, registry, clock, output, () -> this.conversation, this::refused);
        this.conversation = protocol.on(this);
    }

    /// Has a thread of its own serve a connection that goes through this one: it counts as another,
    /// and knows the same deadlines. Its client owes nothing yet.
    public void carry(Socket inner, Protocol protocol) {
        var carried = new Connection(inner, registry, timeouts, listener, protocol);
        Thread.ofVirtual().name("carried").start(carried::serveCarried);
    }

    private void serveCarried() {
        try {
            serve();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void handle(Limit ignored) throws InterruptedException {
        clock.expect(Due.FIRST_BYTE);
        serve();
    }

    private void serve() throws InterruptedException {
        ConnectionTrace.opened(peers);
        admitted = registry.add(ending);
        try {
            converse();
            ending.linger(input);
            ending.leave();
        } catch (NoRoom full) {
            ending.breakOff(Rejected.MEMORY);
        } catch (UncheckedIOException broken) {
            ending.breakOff();
        } catch (InterruptedException | RuntimeException | Error failure) {
            ending.breakOff();
            throw failure;
        } finally {
            giveBack();
        }
    }

    /// What is counted is given back whatever becomes of the rest, or it would be missed for ever.
    private void giveBack() {
        try {
            close();
        } finally {
            try {
                registry.remove(ending, admitted);
            } finally {
                atEnd.run();
                ConnectionTrace.closed(peers);
            }
        }
    }

    private void close() {
        try {
            ending.close();
            output.end();
        } finally {
            try {
                input.close();
            } finally {
                conversation.close();
            }
        }
    }

    private void converse() throws InterruptedException {
        Conversation next = conversation.run();
        while (next != null) {
            conversation.close();
            conversation = next;
            next = next.run();
        }
    }

    /// Whether it may be served. Only those above the limit may not.
    public boolean isWithinLimit() {
        return admitted;
    }

    /// Has something called when all is over. The reader's thread, once.
    void atEnd(Runnable action) {
        atEnd = action;
    }

    /// The client is refused, and its connection is reset at once, without a word. Any thread.
    ///
    /// @param detail what is wrong, for the log; "" when the reason says all
    public void turnAway(Rejected reason, String detail) {
        refused(reason, detail);
        ending.reset();
    }

    /// The socket has more to say of its ends than when the connection began. The reader's thread.
    public void introduced() {
        peers = socket.peers();
    }

    /// The addresses of both ends, the scheme, and what is known of the encryption.
    public Peers peers() {
        return peers;
    }

    /// Whether the client is the one that [#peers] names. The reader's thread.
    public boolean isClientKnown() {
        return socket.isClientKnown();
    }

    /// What has been read and not yet been understood: the reader's.
    public SocketInput input() {
        return input;
    }

    /// The way out: of one thread at a time.
    public SocketOutput output() {
        return output;
    }

    /// How long the client may take; what it owes next is set by [Ending#expect].
    public ClientClock clock() {
        return clock;
    }

    /// How long its client is waited for.
    public Timeouts timeouts() {
        return timeouts;
    }

    public Ending ending() {
        return ending;
    }

    /// What clients make the server hold.
    public Ledger ledger() {
        return registry.ledger();
    }

    /// The client has been refused what it has in hand, or its connection is broken off.
    public void refused(Rejected reason) {
        refused(reason, "");
    }

    /// The same, with more to say.
    ///
    /// @param detail what is wrong, for the log; "" when the reason says all
    public void refused(Rejected reason, String detail) {
        listener.refused(reason);
        RefusalLog.refused(reason, () -> conversation.inHand(), peers, detail);
    }

    /// A request that could not be understood has been answered.
    ///
    /// @param line what is known of it, printable; "" for nothing
    /// @param content bytes of the answer's content
    public void answeredUnread(Supplier<String> line, int status, long content) {
        if (listener.wantsEnds()) {
            listener.ended(Access.unread(peers, line.get(), status, content));
        }
    }

    /// Called by the listener when it stops. That an orderly stop has begun is known from the
    /// registry, which winds the connections down.
    @Override
    public void close(boolean interrupt) {
        if (interrupt) {
            ending.breakOff();
        }
    }

    /// The registry's deadlines take the place of the listener's idle check.
    @Override
    public Duration idleTime() {
        return Duration.ZERO;
    }
}
