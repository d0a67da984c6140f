package io.spvn.loadtest.attack;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

/// Answers small requests with the least there is, on a port of its own on loopback. A virtual
/// thread for each connection, which ends when its client does; [#close] ends the listener.
final class BareResponder implements AutoCloseable {
    private static final byte[] RESPONSE =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(US_ASCII);
    private static final int BACKLOG = 1024;
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final ServerSocket listener;
    private final Thread acceptor;

    private BareResponder(ServerSocket listener) {
        this.listener = listener;
        acceptor = Thread.ofVirtual().name("loadtest-responder").unstarted(this::accept);
    }

    static BareResponder start() throws IOException {
        BareResponder responder =
                new BareResponder(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
        responder.acceptor.start();
        return responder;
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/";
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                Thread.ofVirtual().name("loadtest-response").start(() -> answer(socket));
            }
        } catch (IOException _) {
            // The listener was closed, which is how this ends.
        }
    }

    /// A client that is done closes its connection, and ends this.
    private static void answer(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            byte[] request = new byte[1024];
            while (in.read(request) > 0) {
                out.write(RESPONSE);
            }
        } catch (IOException _) {
            // The client has gone in the middle of something.
        }
    }

    /// The port is free once the thread that accepts has noticed.
    @Override
    public void close() throws IOException {
        listener.close();
        try {
            boolean _ = acceptor.join(CLOSE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
