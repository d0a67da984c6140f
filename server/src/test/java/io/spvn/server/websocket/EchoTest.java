package io.spvn.server.websocket;

import static io.spvn.server.websocket.Frames.FIN;
import static io.spvn.server.websocket.Frames.frame;
import static io.spvn.server.websocket.Frames.joined;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spvn.server.connection.Octets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Handshake, reader and writer together, on a socket.
@Timeout(60)
final class EchoTest {
    private static final String REQUEST =
            """
            GET / HTTP/1.1\r
            Host: a\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            \r
            """;

    private static final String SWITCHED =
            """
            HTTP/1.1 101 Switching Protocols\r
            upgrade: websocket\r
            connection: Upgrade\r
            sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
            \r
            """;

    private EchoServer server;

    @BeforeEach
    void start() throws IOException {
        server = new EchoServer(0, 1 << 20, 1 << 20);
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        assertEquals(0, server.ledger.held());
        assertEquals(0, server.contexts.reserved());
    }

    @Test
    void messagesBehindTheHandshake_areAnsweredInOrder_andTheCloseIs() throws IOException {
        byte[] frames =
                joined(
                        frame(FIN | 1, "a"),
                        frame(FIN | 9, "p"),
                        frame(FIN | 2, "b"),
                        frame(FIN | 8, "\3\u00E8bye"));
        String answers = "\u0081\1a\u008A\1p\u0082\1b\u0088\2\3\u00E8";
        assertEquals(SWITCHED + answers, answerTo(joined(Octets.of(REQUEST), frames)));
    }

    @Test
    void failure_isToldBehindTheAnswersToWhatCameBefore() throws IOException {
        byte[] frames = joined(frame(FIN | 1, "a"), frame(FIN | 3, ""), frame(FIN | 1, "b"));
        String reason = FrameRules.RESERVED_OPCODE.reason();
        String close = "\u0088" + (char) (reason.length() + 2) + "\3\u00EA" + reason;
        assertEquals(SWITCHED + "\u0081\1a" + close, answerTo(joined(Octets.of(REQUEST), frames)));
    }

    @Test
    void otherVersion_isRefused() throws IOException {
        String request = REQUEST.replace("Version: 13", "Version: 12");
        assertEquals("HTTP/1.1 426 Refused\r\n\r\n", answerTo(Octets.of(request)));
    }

    private String answerTo(byte[] sent) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(sent);
            return Octets.text(socket.getInputStream().readAllBytes());
        }
    }
}
