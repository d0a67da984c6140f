package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class StatusCommandTest {
    private static Invocation status(String answer, String... options) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> answer(server, answer));
            String[] args = new String[options.length + 2];
            args[0] = "status";
            args[1] = "127.0.0.1:" + server.getLocalPort();
            System.arraycopy(options, 0, args, 2, options.length);
            return Invocation.of(args);
        }
    }

    private static void answer(ServerSocket server, String answer) {
        try (Socket client = server.accept();
                OutputStream out = client.getOutputStream()) {
            int _ = client.getInputStream().read(new byte[1000]);
            out.write(answer.getBytes(StandardCharsets.UTF_8));
        } catch (IOException gone) {
            throw new IllegalStateException(gone);
        }
    }

    private static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body;
    }

    @Test
    void whatTheServerSays_isShownAsText() throws Exception {
        Invocation shown = status(ok("{\"spvn_version\":\"0.1.0\",\"app\":\"m:app\"}"));
        assertEquals(0, shown.exitCode());
        assertTrue(shown.out().startsWith("spvn 0.1.0  m:app"), shown.out());
    }

    @Test
    void json_isPassedOnAsItIs() throws Exception {
        Invocation shown = status(ok("{\"a\":1}\n"), "--json");
        assertEquals("{\"a\":1}\n", shown.out());
    }

    @Test
    void nobodyThere_isOneLineAndCode4() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Invocation shown = Invocation.of("status", "127.0.0.1:" + port);
        assertEquals(4, shown.exitCode());
        assertEquals(
                "spvn: nothing answers at http://127.0.0.1:%d: connection refused; give the server's --admin-bind\n"
                        .formatted(port),
                shown.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    HTTP/1.1 404 Not Found\\r\\n\\r\\n | it answers 404 Not Found
                    SSH-2.0-x\\r\\n                  | what answers does not speak HTTP
                    """)
    void otherServers_areToldApart(String answer, String reason) throws Exception {
        Invocation shown = status(answer.replace("\\r\\n", "\r\n"));
        assertEquals(4, shown.exitCode());
        assertTrue(shown.err().contains(reason), shown.err());
    }

    @Test
    void whatIsNotSpvn_isSaidToBe() throws Exception {
        Invocation shown = status(ok("<html>"));
        assertEquals(4, shown.exitCode());
        assertTrue(shown.err().contains("is no admin address of spvn"), shown.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    https://127.0.0.1:9090 | an admin address speaks plain http
                    nonsense               | 'nonsense': write IP:PORT
                    """)
    void wrongAddresses_areToldWithCode2(String address, String reason) {
        Invocation shown = Invocation.of("status", address);
        assertEquals(2, shown.exitCode());
        assertTrue(shown.err().contains(reason), shown.err());
    }
}
