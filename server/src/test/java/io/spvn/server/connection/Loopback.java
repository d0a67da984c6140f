package io.spvn.server.connection;

import io.helidon.common.concurrency.limits.FixedLimit;
import io.spvn.bridge.exchange.ExchangeListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

/// A connection over the loopback, with its client, and a reader of its own while it is served.
public final class Loopback {
    public final java.net.Socket client = new java.net.Socket();
    private final PlainSocket socket;
    private final HandClock time;
    private Thread reader = Thread.ofVirtual().unstarted(() -> {});

    public Loopback(HandClock time) throws IOException {
        this(time, 0);
    }

    /// @param receiveBuffer of the client, 0 for the system's own
    Loopback(HandClock time, int receiveBuffer) throws IOException {
        this.time = time;
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            if (receiveBuffer > 0) {
                client.setReceiveBufferSize(receiveBuffer);
            }
            client.connect(listener.getLocalAddress());
            socket = new PlainSocket(listener.accept(), time.ledger);
        }
    }

    public void serve(Timeouts timeouts, ExchangeListener listener, Protocol protocol) {
        Connection connection = new Connection(socket, time.registry, timeouts, listener, protocol);
        reader =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                connection.handle(FixedLimit.create());
                            } catch (InterruptedException stopped) {
                                throw new AssertionError(stopped);
                            }
                        });
    }

    /// The thread that reads it.
    public Thread reader() {
        return reader;
    }

    PlainSocket socket() {
        return socket;
    }

    /// The client leaves, and the reader is waited for.
    public void close() throws IOException, InterruptedException {
        client.close();
        reader.join();
    }
}
