package io.spvn.loadtest.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that does with its connections what a test says: a plain server socket on loopback, and
/// a thread for each connection.
final class ScriptedServer implements AutoCloseable {
    private static final int BACKLOG = 4096;
    private static final int MANY = 1 << 20;

    /// What happens on one connection, from when it was accepted to when it is closed.
    interface Conversation {
        void hold(Peer peer) throws IOException, InterruptedException;
    }

    /// What is sent for one request.
    interface Answer {
        byte[] to(Seen request) throws IOException, InterruptedException;
    }

    /// A request that was read.
    ///
    /// @param head without its last empty line
    /// @param body its length
    record Seen(String head, int body) {}

    /// The two ends of a connection.
    record Peer(ScriptedServer server, Socket socket, InputStream in, OutputStream out) {
        /// One request with its body, which is counted as in flight from here to [#answer].
        Seen request() throws IOException {
            Seen seen = new Seen(head(), 0);
            server.entered();
            int length = contentLength(seen.head());
            in.skipNBytes(length);
            return new Seen(seen.head(), length);
        }

        /// Reads until an empty line.
        String head() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("the client has gone");
                }
                head.append((char) next);
            }
            return head.substring(0, head.length() - 4);
        }

        void answer(byte[] response) throws IOException {
            server.left();
            send(response);
        }

        void send(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /// Reads until the client closes.
        void awaitEnd() throws IOException {
            in.transferTo(OutputStream.nullOutputStream());
        }

        /// Ends the connection with a reset.
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    private final Conversation conversation;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger mostInFlight = new AtomicInteger();
    private final int most;

    private ScriptedServer(int port, int backlog, int most, Conversation conversation)
            throws IOException {
        this.conversation = conversation;
        this.most = most;
        listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), backlog);
        if (most > 0) {
            Thread.ofPlatform().name("scripted-server").daemon().start(this::accept);
        }
    }

    static ScriptedServer talking(Conversation conversation) throws IOException {
        return new ScriptedServer(0, BACKLOG, MANY, conversation);
    }

    /// Answers each request, and keeps connections open.
    static ScriptedServer answering(Answer answer) throws IOException {
        return answeringOn(0, answer);
    }

    /// The same on a port that an earlier server had.
    static ScriptedServer answeringOn(int port, Answer answer) throws IOException {
        return new ScriptedServer(port, BACKLOG, MANY, peer -> answerAll(peer, answer));
    }

    /// Accepts no more than `most` connections, and lets few others wait.
    static ScriptedServer crowded(int most, Answer answer) throws IOException {
        return new ScriptedServer(0, 1, most, peer -> answerAll(peer, answer));
    }

    private static void answerAll(Peer peer, Answer answer)
            throws IOException, InterruptedException {
        while (true) {
            peer.answer(answer.to(peer.request()));
        }
    }

    private void accept() {
        try {
            while (accepted.get() < most) {
                Socket socket = listener.accept();
                accepted.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> hold(socket));
            }
        } catch (IOException _) {
            // The listener was closed, which is how this ends.
        }
    }

    private void hold(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            conversation.hold(new Peer(this, socket, in, socket.getOutputStream()));
        } catch (IOException | InterruptedException _) {
            // The client has gone, or the server was closed.
        } finally {
            open.remove(socket);
        }
    }

    private static int contentLength(String head) {
        return head.lines()
                .map(line -> line.toLowerCase(Locale.ROOT))
                .filter(line -> line.startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElse(0);
    }

    private void entered() {
        requests.incrementAndGet();
        mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
    }

    private void left() {
        inFlight.decrementAndGet();
    }

    int port() {
        return listener.getLocalPort();
    }

    Target target() {
        return Target.of("http://127.0.0.1:" + port() + "/", false);
    }

    int accepted() {
        return accepted.get();
    }

    int requests() {
        return requests.get();
    }

    /// The most requests that had been read and not answered at any time.
    int mostInFlight() {
        return mostInFlight.get();
    }

    /// The listener and all connections end, as if the process had been killed.
    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    /// Text as it goes over the wire, with `\n` for the ends of lines.
    static byte[] wire(String text) {
        return text.replace("\n", "\r\n").getBytes(ISO_8859_1);
    }

    static byte[] ok() {
        return wire("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");
    }

    /// A port nobody listens on.
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
