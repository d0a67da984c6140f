package io.spvn.loadtest.compare;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Clients that send a byte of a head a second each, for as long as the server bears them; one
/// whose connection the server has closed comes again. One thread serves them all.
final class SlowClients implements AutoCloseable {
    private static final byte[] START =
            "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ".getBytes(US_ASCII);
    private static final byte[] MORE = {'x'};
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /// The clients do not all send in the same moment.
    private static final int BEATS = 50;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final InetSocketAddress address;
    private final List<SocketChannel> clients = new ArrayList<>();
    private final AtomicLong closedByServer = new AtomicLong();
    private final Thread thread;

    /// Connects all of them.
    ///
    /// @throws CannotRun if the server does not let them
    SlowClients(int port, int count) {
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try {
            for (int number = 0; number < count; number++) {
                clients.add(connected());
            }
        } catch (IOException e) {
            closeAll();
            throw new CannotRun(
                    "let %d of %d slow clients connect: %s"
                            .formatted(clients.size(), count, e.getMessage()));
        }
        thread = Thread.ofPlatform().name("slow-clients").daemon().start(this::trickle);
    }

    private SocketChannel connected() throws IOException {
        SocketChannel client = SocketChannel.open();
        try {
            client.socket().connect(address, (int) PATIENCE.toMillis());
            client.configureBlocking(false);
            client.write(ByteBuffer.wrap(START));
            return client;
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }

    private void trickle() {
        try {
            for (int beat = 0; true; beat = (beat + 1) % BEATS) {
                for (int number = beat; number < clients.size(); number += BEATS) {
                    sendByte(number);
                }
                Thread.sleep(PERIOD.dividedBy(BEATS));
            }
        } catch (InterruptedException _) {
            // The run is over.
        }
    }

    private void sendByte(int number) {
        SocketChannel client = clients.get(number);
        try {
            if (client.read(ByteBuffer.allocate(1)) != 0) {
                throw new IOException("answered or closed");
            }
            client.write(ByteBuffer.wrap(MORE));
        } catch (IOException _) {
            closedByServer.incrementAndGet();
            comeAgain(number, client);
        }
    }

    private void comeAgain(int number, SocketChannel closed) {
        try {
            closed.close();
            clients.set(number, connected());
        } catch (IOException _) {
            // The next second brings another try: writing to a closed channel fails.
        }
    }

    /// How often the server has sent one of them away.
    long closedByServer() {
        return closedByServer.get();
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(PERIOD);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        closeAll();
    }

    private void closeAll() {
        for (SocketChannel client : clients) {
            try {
                client.close();
            } catch (IOException _) {
                // It is as good as closed.
            }
        }
    }
}
