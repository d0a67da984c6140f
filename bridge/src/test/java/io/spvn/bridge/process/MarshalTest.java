package io.spvn.bridge.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spvn.bridge.asgi.Endpoint;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.asgi.Scope;
import io.spvn.bridge.asgi.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What is written here a real Python reads, and what that writes is read here.
class MarshalTest {
    private static final String READ =
            """
            import marshal, sys
            data = sys.stdin.buffer.read()
            print(ascii(marshal.loads(data)), end="")
            """;

    private static final String WRITE =
            """
            import marshal, sys
            value = eval(sys.stdin.buffer.read())
            sys.stdout.buffer.write(marshal.dumps(value, 2))
            """;

    private final MarshalWriter out = new MarshalWriter();

    private static byte[] python(String program, byte[] input) throws Exception {
        String executable = System.getProperty("spvn.python.executable");
        assumeTrue(executable != null, "no Python: set spvn.python.executable");
        Process python =
                new ProcessBuilder(executable, "-I", "-S", "-c", program)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        Thread writer = Thread.ofVirtual().start(() -> write(python.getOutputStream(), input));
        try (InputStream output = python.getInputStream()) {
            byte[] result = output.readAllBytes();
            writer.join();
            assertTrue(python.waitFor(10, TimeUnit.SECONDS));
            assertEquals(0, python.exitValue());
            return result;
        }
    }

    private static void write(OutputStream stream, byte[] input) {
        try (stream) {
            stream.write(input);
        } catch (IOException closed) {
            throw new AssertionError(closed);
        }
    }

    /// What Python says of the batch that was written.
    private String read(int messages) throws Exception {
        int size = out.end(messages);
        byte[] data = new byte[size - Integer.BYTES];
        System.arraycopy(out.array(), Integer.BYTES, data, 0, data.length);
        return new String(python(READ, data), UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Scope.Http scope(String method, byte[] path, Peers peers, byte[]... fields) {
        Headers headers = fields.length == 0 ? Headers.EMPTY : Headers.of(fields);
        return new Scope.Http("1.1", method, path, path, bytes("q=1"), headers, peers);
    }

    private static Peers peers(String client) {
        return new Peers("http", new Endpoint(client, 1234), new Endpoint("10.0.0.1", 80));
    }

    private static final String OFFERED =
            "'http.response.pathsend': {}, 'http.response.zerocopysend': {},"
                    + " 'http.response.early_hint': {}, 'http.response.trailers': {}";

    private static String shown(String method, String path, String raw, String rest) {
        return "{'type': 'http', 'http_version': '1.1', 'path': %s, 'raw_path': %s, 'query_string': b'q=1', %s, 'method': '%s', 'scheme': 'http', 'extensions': {%s}}"
                .formatted(path, raw, rest, method, OFFERED);
    }

    @Test
    void valuesOfSettings_areRead() throws Exception {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("text", "\u00fc \ud83d\ude00 \0");
        values.put("empty", "");
        values.put("numbers", List.of(0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE));
        values.put("reals", List.of(1.5, -0.0, 1e300, Double.MIN_VALUE));
        values.put("truths", List.of(true, false));
        values.put("none", List.of());
        out.begin();
        out.tuple(2);
        out.integer(0);
        out.value(values);
        assertEquals(
                "[(0, {'text': '\\xfc \\U0001f600 \\x00', 'empty': '', 'numbers': [0, 1, -1,"
                        + " 2147483647, -2147483648], 'reals': [1.5, -0.0, 1e+300, 5e-324],"
                        + " 'truths': [True, False], 'none': []})]",
                read(1));
    }

    @Test
    void scopes_areRead_withWhatRecursInOneBatch() throws Exception {
        ScopeWriter scopes = new ScopeWriter("/\u00e4pp");
        String longMethod = "M".repeat(300);
        List<String> expected = new ArrayList<>();
        out.begin();
        scopes.begin();
        String value = "v".repeat(5_000);
        for (int i = 0; i < 50; i++) {
            String client = "10.1.1." + i % 7;
            String method = i % 3 == 0 ? longMethod : i % 3 == 1 ? "GET" : "M" + "X".repeat(254);
            byte[] path = bytes(i % 2 == 0 ? "/a" : "/\u65e5");
            scopes.write(
                    out,
                    scope(
                            method,
                            path,
                            peers(client),
                            bytes("host"),
                            bytes(value),
                            bytes("x"),
                            new byte[] {-1}));
            String raw = i % 2 == 0 ? "b'/a'" : "b'/\\xe6\\x97\\xa5'";
            String whole = "b'/\\xc3\\xa4pp" + raw.substring(2);
            expected.add(
                    shown(
                            method,
                            whole,
                            raw,
                            "'root_path': '/\\xe4pp', 'headers': [(b'host', b'%s'), (b'x', b'\\xff')], 'client': ('%s', 1234), 'server': ('10.0.0.1', 80)"
                                    .formatted(value, client)));
        }
        assertEquals("[" + String.join(", ", expected) + "]", read(50));
    }

    @Test
    void scopeOfAnEncryptedConnection_tellsOfThat() throws Exception {
        ScopeWriter scopes = new ScopeWriter("");
        Tls with = new Tls("PEM", List.of("A", "B"), "CN=\u00e9", 0x304, 0x1301);
        Tls without = new Tls("P".repeat(2000), List.of(), null, 0x303, 0xC02B);
        List<String> expected = new ArrayList<>();
        out.begin();
        scopes.begin();
        for (Tls tls : List.of(with, without)) {
            scopes.write(out, scope("GET", bytes("/"), new Peers("https", null, null, tls)));
            String extension =
                    "'tls': {'server_cert': '%s', 'client_cert_chain': %s, 'client_cert_name': %s, 'client_cert_error': None, 'tls_version': %d, 'cipher_suite': %d}"
                            .formatted(
                                    tls.serverCert(),
                                    tls.clientName() != null ? "['A', 'B']" : "[]",
                                    tls.clientName() != null ? "'CN=\\xe9'" : "None",
                                    tls.version(),
                                    tls.cipherSuite());
            String rest = "'root_path': '', 'headers': [], 'client': None, 'server': None";
            expected.add(
                    shown("GET", "'/'", "b'/'", rest)
                            .replace("'extensions': {", "'extensions': {" + extension + ", ")
                            .replace("'http',", "'https',")
                            .replace("'type': 'https'", "'type': 'http'"));
        }
        assertEquals("[" + String.join(", ", expected) + "]", read(2));
    }

    @Test
    void aBatch_doesNotReferToTheOneBefore() throws Exception {
        ScopeWriter scopes = new ScopeWriter("");
        Peers unix = new Peers("http", null, new Endpoint("/run/\u00fc", -1));
        String rest =
                "'root_path': '', 'headers': [], 'client': None, 'server': ('/run/\\xfc', None)";
        for (int i = 0; i < 2; i++) {
            out.begin();
            scopes.begin();
            scopes.write(out, scope("GET", bytes("/"), unix));
            assertEquals("[" + shown("GET", "'/'", "b'/'", rest) + "]", read(1));
        }
    }

    @Test
    void moreClientsThanAreKept_areReadAllTheSame() throws Exception {
        ScopeWriter scopes = new ScopeWriter("");
        List<String> expected = new ArrayList<>();
        out.begin();
        scopes.begin();
        for (int i = 0; i < 1000; i++) {
            scopes.write(out, scope("GET", bytes("/"), peers("c" + i % 500)));
            expected.add(
                    shown(
                            "GET",
                            "'/'",
                            "b'/'",
                            "'root_path': '', 'headers': [], 'client': ('c%d', 1234), 'server': ('10.0.0.1', 80)"
                                    .formatted(i % 500)));
        }
        assertEquals("[" + String.join(", ", expected) + "]", read(1000));
    }

    @Test
    void whatPythonSays_isRead() throws Exception {
        String value =
                """
                (3, [
                    [1, 7, -(2 ** 31), 2 ** 31 - 1],
                    [2, b'', bytes(range(256)) * 300, True, False],
                    [3, 'stopped', '', '\\xfc\\u65e5\\U0001f600', '\\udc80', 'x' * 70000, None],
                    [4, 1.5, -0.0, 1e300, 12, float('inf')],
                    ['a' + str(4), sys.intern('interned')],
                ])
                """;
        byte[] data = python(WRITE, bytes(value));
        MarshalReader in = new MarshalReader();
        in.begin(data, data.length);
        in.pair();
        assertEquals(3, in.integer());
        assertEquals(5, in.list());
        assertEquals(4, in.message());
        assertEquals(
                List.of(1, 7, Integer.MIN_VALUE, Integer.MAX_VALUE),
                List.of(in.integer(), in.integer(), in.integer(), in.integer()));
        assertEquals(5, in.message());
        assertEquals(2, in.integer());
        assertArrayEquals(new byte[0], in.bytes());
        byte[] all = in.bytes();
        assertEquals(256 * 300, all.length);
        assertEquals((byte) 255, all[255]);
        assertTrue(in.truth() && !in.truth());
        assertEquals(7, in.message());
        assertEquals(3, in.integer());
        assertEquals("stopped", in.text());
        assertEquals("", in.textOrNone());
        assertEquals("\u00fc\u65e5\ud83d\ude00", in.textOrNone());
        assertEquals("\ufffd", in.text(), "what is no text");
        assertEquals(70_000, in.text().length());
        assertEquals("", in.textOrNone());
        assertEquals(6, in.message());
        assertEquals(4, in.integer());
        assertEquals(
                List.of(1.5, -0.0, 1e300, 12.0, Double.POSITIVE_INFINITY),
                List.of(in.real(), in.real(), in.real(), in.real(), in.real()));
        assertEquals(2, in.message());
        assertEquals("a4", in.text());
        assertEquals("interned", in.text());
        in.end();
    }
}
