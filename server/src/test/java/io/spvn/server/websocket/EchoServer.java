package io.spvn.server.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.exchange.Ledger;
import io.spvn.server.connection.WireBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Sends every message back: the codec on a bare socket, for tests of it and for suites of others.
/// What is received is dealt with in order, so a failure is told behind the answers to what came
/// before it.
final class EchoServer implements AutoCloseable {
    private static final int PIECE = 16 * 1024;
    private static final int MAX_HEAD = 16 * 1024;

    @SuppressWarnings("ArrayRecordComponent") // read, not compared
    private record Piece(byte[] bytes, int from, int to) {}

    final DeflateContexts contexts;
    final Ledger ledger = new Ledger(256L << 20);
    private final int maxMessage;
    private final ServerSocket listener;

    EchoServer(int port, int maxMessage, long budget) throws IOException {
        this.maxMessage = maxMessage;
        this.contexts = new DeflateContexts(budget);
        this.listener = new ServerSocket(port, 128, InetAddress.getLoopbackAddress());
    }

    /// Runs until it is killed: `EchoServer PORT [BUDGET]`.
    public static void main(String[] args) throws Exception {
        long budget = args.length > 1 ? Long.parseLong(args[1]) : 64L << 20;
        try (var server = new EchoServer(Integer.parseInt(args[0]), 16 << 20, budget)) {
            System.out.println("echo on " + server.port());
            server.start().join();
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    Thread start() {
        return Thread.startVirtualThread(this::accept);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        contexts.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                Thread.startVirtualThread(() -> serve(socket));
            }
        } catch (IOException closed) {
            return;
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            Piece head = head(socket.getInputStream());
            if (head != null) {
                serve(socket, head);
            }
        } catch (IOException | UncheckedIOException gone) {
            return;
        }
    }

    private void serve(Socket socket, Piece head) throws IOException {
        Handshake handshake;
        try {
            handshake = Handshake.of(headers(new String(head.bytes, 0, head.from, ISO_8859_1)));
        } catch (HandshakeError refused) {
            String status = "HTTP/1.1 " + refused.rule().status() + " Refused\r\n\r\n";
            socket.getOutputStream().write(status.getBytes(ISO_8859_1));
            return;
        }
        PerMessageDeflate deflate = contexts.agree(handshake.extensions());
        var reader = new FrameReader(ledger, maxMessage, deflate);
        try {
            answer(socket, handshake.answer(null, deflate));
            converse(socket, head, reader, new FrameWriter(ledger, deflate));
        } finally {
            reader.close();
            if (deflate != null) {
                deflate.close();
            }
        }
    }

    private void converse(Socket socket, Piece ahead, FrameReader reader, FrameWriter writer)
            throws IOException {
        var out = new WireBuffer(PIECE);
        out.attach((bytes, length) -> write(socket, bytes, length));
        byte[] piece = ahead.bytes;
        int from = ahead.from;
        int to = ahead.to;
        while (to >= 0) {
            Received received = reader.read(piece, from, to);
            from = reader.position();
            if (received != null && !answer(received, writer, out)) {
                out.flush();
                leave(socket);
                return;
            }
            if (received == null) {
                out.flush();
                piece = new byte[PIECE];
                from = 0;
                to = socket.getInputStream().read(piece);
            }
        }
    }

    /// @return false when it was the last
    private boolean answer(Received received, FrameWriter writer, WireBuffer out) {
        switch (received) {
            case Received.Text(byte[] utf8) -> {
                writer.text(Payload.of(utf8), out);
                ledger.giveBack(Ledger.weight(utf8.length));
            }
            case Received.Binary(byte[] data) -> {
                writer.binary(Payload.of(data), out);
                ledger.giveBack(Ledger.weight(data.length));
            }
            case Received.Ping(byte[] data) -> writer.pong(data, out);
            case Received.Pong _ -> {}
            case Received.Close(int code, String _) -> writer.close(code, "", out);
            case Received.Failure(FrameRules rule) ->
                    writer.close(rule.code().code(), rule.reason(), out);
        }
        return !writer.isClosed();
    }

    private static void answer(Socket socket, Headers fields) throws IOException {
        var head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n");
        for (int i = 0; i < fields.size(); i++) {
            int name = fields.nameStart(i);
            head.append(new String(fields.block(), name, fields.nameEnd(i) - name, ISO_8859_1));
            head.append(": ").append(new String(fields.value(i), ISO_8859_1)).append("\r\n");
        }
        socket.getOutputStream().write(head.append("\r\n").toString().getBytes(ISO_8859_1));
    }

    private static void write(Socket socket, byte[] bytes, int length) {
        try {
            socket.getOutputStream().write(bytes, 0, length);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    /// What the client may still be sending must not turn the close frame into a reset.
    private static void leave(Socket socket) throws IOException {
        socket.shutdownOutput();
        socket.setSoTimeout(1000);
        byte[] rest = new byte[PIECE];
        while (socket.getInputStream().read(rest) >= 0) {
            // drop it
        }
    }

    /// A head, with what has come behind it from `from` on.
    private static @Nullable Piece head(InputStream in) throws IOException {
        byte[] read = new byte[MAX_HEAD];
        int size = 0;
        int end = -1;
        while (end < 0) {
            int count = in.read(read, size, read.length - size);
            if (count <= 0) {
                return null;
            }
            size += count;
            end = new String(read, 0, size, ISO_8859_1).indexOf("\r\n\r\n");
        }
        return new Piece(read, end + 4, size);
    }

    private static Headers headers(String head) {
        List<byte[]> fields = new ArrayList<>();
        for (String line : head.lines().toList()) {
            int colon = line.indexOf(": ");
            if (colon > 0) {
                fields.add(line.substring(0, colon).toLowerCase(Locale.ROOT).getBytes(ISO_8859_1));
                fields.add(line.substring(colon + 2).getBytes(ISO_8859_1));
            }
        }
        return Headers.of(fields.toArray(byte[][]::new));
    }
}
