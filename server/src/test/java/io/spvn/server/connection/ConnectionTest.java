package io.spvn.server.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.helidon.common.concurrency.limits.FixedLimit;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.Rejected;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two small protocols over a real connection: the first reads a line, and hands over to one that
/// sends back what it is sent.
@Timeout(20)
class ConnectionTest {
    private static final Timeouts TIMEOUTS =
            new Timeouts(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10));

    private final HandClock time = new HandClock();
    private final Queue<Rejected> refusals = new ConcurrentLinkedQueue<>();
    private final Queue<String> events = new ConcurrentLinkedQueue<>();
    private Loopback loopback;

    @BeforeEach
    void connect() throws IOException {
        loopback = new Loopback(time);
    }

    @AfterEach
    void close() throws Exception {
        loopback.close();
    }

    private void serve() {
        ExchangeListener listener =
                new ExchangeListener() {
                    @Override
                    public void refused(Rejected reason) {
                        refusals.add(reason);
                    }
                };
        loopback.serve(TIMEOUTS, listener, Line::new);
    }

    private void send(String text) throws IOException {
        loopback.client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private String read(int length) throws IOException {
        return new String(
                loopback.client.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
    }

    @Test
    void nextProtocol_goesOnWithWhatWasRead_andWithWhatComes() throws Exception {
        serve();
        send("upgrade\nhello");
        assertEquals("hello", read(5));
        send(" again");
        assertEquals(" again", read(6));
        loopback.client.shutdownOutput();
        assertEquals("", read(1));
        loopback.reader().join();
        assertEquals(List.of("line closed", "echo closed"), List.copyOf(events));
    }

    @Test
    void lost_isTheAffairOfWhoSpeaks() throws Exception {
        serve();
        send("upgrade\nx");
        assertEquals("x", read(1));
        loopback.client.setSoLinger(true, 0);
        loopback.client.close();
        loopback.reader().join();
        assertEquals(List.of("line closed", "echo broken", "echo closed"), List.copyOf(events));
    }

    @Test
    void noNextProtocol_endsTheConnection_andAllIsGivenBack() throws Exception {
        serve();
        send("end\nthe rest");
        loopback.client.shutdownOutput();
        assertEquals("", read(1));
        loopback.reader().join();
        assertEquals(0, time.registry.size());
        assertEquals(0, time.ledger.held());
        assertEquals(List.of("line closed"), List.copyOf(events));
    }

    @Test
    void silentConnection_isRegistered_withADeadlineFromTheFirst() throws Exception {
        serve();
        awaitRegistered();
        time.pass(Duration.ofSeconds(11));
        assertEquals("", read(1));
        loopback.reader().join();
        assertEquals(List.of(Rejected.IDLE_TIMEOUT), List.copyOf(refusals));
        assertEquals(List.of("line broken", "line closed"), List.copyOf(events));
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private void awaitRegistered() {
        while (time.registry.size() == 0) {
            Thread.yield();
        }
    }

    @Test
    void connectionAboveTheLimit_isTold() throws Exception {
        time.ledger.add(1 << 20);
        serve();
        assertEquals("full", read(10));
        loopback.client.close();
        loopback.reader().join();
        assertEquals(1 << 20, time.ledger.held());
    }

    @Test
    void failureOfAProtocol_endsTheConnection() throws Exception {
        Connection connection =
                new Connection(
                        loopback.socket(),
                        time.registry,
                        TIMEOUTS,
                        ExchangeListener.NONE,
                        at -> new Said(at, "bad", _ -> fail()));
        assertThrows(IllegalStateException.class, () -> connection.handle(FixedLimit.create()));
        assertEquals("", read(1));
        assertEquals(List.of("bad broken", "bad closed"), List.copyOf(events));
        assertEquals(0, time.registry.size());
    }

    /// Limits count it for as long as it is not given back.
    @Test
    void failureAtTheEnd_givesBackWhatIsCountedAllTheSame() {
        List<String> ends = new ArrayList<>();
        Connection connection =
                new Connection(
                        loopback.socket(),
                        time.registry,
                        TIMEOUTS,
                        ExchangeListener.NONE,
                        at ->
                                new Said(at, "bad", _ -> null) {
                                    @Override
                                    public void close() {
                                        throw new IllegalStateException("a defect");
                                    }
                                });
        connection.atEnd(() -> ends.add("over"));
        assertThrows(IllegalStateException.class, () -> connection.handle(FixedLimit.create()));
        assertEquals(List.of("over"), ends);
        assertEquals(0, time.registry.size());
        assertEquals(0, time.ledger.held());
    }

    private static @Nullable Conversation fail() {
        throw new IllegalStateException("a defect");
    }

    private class Said implements Conversation {
        final Connection connection;
        private final String name;
        private final Function<Connection, @Nullable Conversation> conversation;

        Said(
                Connection connection,
                String name,
                Function<Connection, @Nullable Conversation> conversation) {
            this.connection = connection;
            this.name = name;
            this.conversation = conversation;
        }

        @Override
        public @Nullable Conversation run() {
            return conversation.apply(connection);
        }

        @Override
        public void late(Due due) {}

        @Override
        public void broken() {
            if (!events.contains(name + " broken")) {
                events.add(name + " broken");
            }
        }

        @Override
        public void close() {
            events.add(name + " closed");
        }
    }

    private final class Line extends Said {
        Line(Connection connection) {
            super(connection, "line", ConnectionTest.this::line);
        }
    }

    private @Nullable Conversation line(Connection connection) {
        if (!connection.isWithinLimit()) {
            connection.output().write("full".getBytes(StandardCharsets.US_ASCII), 4);
            connection.ending().finish();
            return null;
        }
        SocketInput input = connection.input();
        while (end(input) < 0) {
            if (!input.fill()) {
                return null;
            }
        }
        String line = input.line();
        input.consumedTo(end(input) + 1);
        return line.equals("upgrade") ? new Said(connection, "echo", ConnectionTest::echo) : null;
    }

    private static int end(SocketInput input) {
        for (int at = input.from(); at < input.to(); at++) {
            if (input.buffer()[at] == '\n') {
                return at;
            }
        }
        return -1;
    }

    private static @Nullable Conversation echo(Connection connection) {
        SocketInput input = connection.input();
        boolean more = true;
        while (more) {
            int length = input.to() - input.from();
            byte[] piece = new byte[length];
            System.arraycopy(input.buffer(), input.from(), piece, 0, length);
            input.consumedTo(input.to());
            connection.output().write(piece, length);
            more = input.fill();
        }
        return null;
    }
}
