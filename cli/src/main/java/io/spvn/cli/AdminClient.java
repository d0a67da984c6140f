package io.spvn.cli;

import io.spvn.server.Bind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// One question to an admin address, over TCP or a Unix socket.
final class AdminClient {
    private static final int PIECE = 64 * 1024;
    private static final int MOST = 16 << 20;
    private static final String HEAD_END = "\r\n\r\n";

    private AdminClient() {}

    /// The body of what is answered.
    ///
    /// @param patience for all of it
    /// @throws IOException when there is no answer, or another than 200
    static String get(Bind address, String path, Duration patience) throws IOException {
        SocketAddress peer = peer(address);
        SocketChannel channel =
                peer instanceof UnixDomainSocketAddress
                        ? SocketChannel.open(StandardProtocolFamily.UNIX)
                        : SocketChannel.open();
        Thread clock = Thread.startVirtualThread(() -> closeAfter(patience, channel));
        try (channel) {
            channel.connect(peer);
            write(channel, path);
            return body(readAll(channel));
        } catch (ClosedChannelException late) {
            throw new SocketTimeoutException("no answer in time");
        } finally {
            clock.interrupt();
        }
    }

    private static SocketAddress peer(Bind address) throws IOException {
        if (address instanceof Bind.Unix unix) {
            return UnixDomainSocketAddress.of(unix.path());
        }
        if (!(address instanceof Bind.Tcp tcp)) {
            throw new IOException("nobody can connect to that");
        }
        InetSocketAddress peer = new InetSocketAddress(tcp.host(), tcp.port());
        if (peer.isUnresolved()) {
            throw new UnknownHostException("unknown host");
        }
        return peer;
    }

    private static void closeAfter(Duration patience, SocketChannel channel) {
        try {
            Thread.sleep(patience);
            channel.close();
        } catch (InterruptedException done) {
            Thread.currentThread().interrupt();
        } catch (IOException closed) {
            return; // whoever reads it hears of that
        }
    }

    private static void write(SocketChannel channel, String path) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: spvn\r\nConnection: close\r\n\r\n";
        ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static String readAll(SocketChannel channel) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        while (channel.read(piece) >= 0) {
            all.write(piece.array(), 0, piece.position());
            piece.clear();
            if (all.size() > MOST) {
                throw new IOException("the answer does not end");
            }
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    private static String body(String response) throws IOException {
        int end = response.indexOf(HEAD_END);
        if (end < 0 || !response.startsWith("HTTP/1.")) {
            throw new IOException("what answers does not speak HTTP");
        }
        String first = response.substring(0, response.indexOf('\r'));
        if (!first.contains(" 200 ")) {
            throw new IOException("it answers " + first.substring(first.indexOf(' ') + 1));
        }
        return response.substring(end + HEAD_END.length());
    }
}
