package io.spvn.bridge.embedded;

import static io.spvn.bridge.embedded.EmbeddedPython.eval;
import static io.spvn.bridge.embedded.EmbeddedPython.name;
import static io.spvn.bridge.embedded.EmbeddedPython.repr;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spvn.bridge.asgi.Endpoint;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Inbound;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.asgi.Scope;
import io.spvn.bridge.asgi.Tls;
import io.spvn.bridge.worker.Requests;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScopeWriterTest {
    private final EmbeddedPython python = EmbeddedPython.get();

    private static ScopeWriter writer(String rootPath) {
        return new ScopeWriter(
                new Names(),
                eval("{'type': 'http', 'root_path': '%s'}".formatted(rootPath)),
                eval("{'version': '3.0', 'spec_version': '2.4'}"),
                eval("{'pool': 7}"),
                rootPath);
    }

    private static Scope.Http request(String path, String query, Peers peers, String... fields) {
        byte[][] pairs = new byte[fields.length][];
        for (int i = 0; i < fields.length; i++) {
            pairs[i] = bytes(fields[i]);
        }
        Headers headers = fields.length == 0 ? Headers.EMPTY : Headers.of(pairs);
        return new Scope.Http("1.1", "GET", bytes(path), bytes(path), bytes(query), headers, peers);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static Peers local() {
        return new Peers("http", new Endpoint("10.0.0.9", 1234), new Endpoint("10.0.0.1", 80));
    }

    private static String written(ScopeWriter writer, Scope.Http request, String part) {
        name("scope", writer.scope(request));
        return repr(eval(part));
    }

    @Test
    void scope_hasWhatAsgiAsksFor() {
        python.run(
                () -> {
                    Scope.Http request = request("/a", "b=c", local(), "host", "x", "accept", "*");
                    name("scope", writer("").scope(request));
                    assertEquals(
                            "{'type': 'http', 'root_path': '', 'asgi': {'version': '3.0',"
                                    + " 'spec_version': '2.4'}, 'state': {'pool': 7}, 'extensions':"
                                    + " {'http.response.pathsend': {}, 'http.response.zerocopysend': {},"
                                    + " 'http.response.early_hint': {}, 'http.response.trailers': {}},"
                                    + " 'http_version': '1.1', 'method': 'GET', 'scheme': 'http',"
                                    + " 'path': '/a', 'raw_path': b'/a', 'query_string': b'b=c',"
                                    + " 'headers': [(b'host', b'x'), (b'accept', b'*')], 'client':"
                                    + " ('10.0.0.9', 1234), 'server': ('10.0.0.1', 80)}",
                            repr(eval("scope")));
                });
    }

    @Test
    void scope_whatAnAppMayChange_isItsOwn() {
        python.run(
                () -> {
                    ScopeWriter writer = writer("");
                    Scope.Http request = request("/", "", local(), "host", "x");
                    name("one", writer.scope(request));
                    name("other", writer.scope(request));
                    String shared =
                            "[key for key in ('asgi', 'state', 'extensions', 'headers')"
                                    + " if one[key] is other[key]]";
                    assertEquals("[]", repr(eval(shared)));
                    String within =
                            "[key for key, value in one['extensions'].items()"
                                    + " if value is other['extensions'][key]]";
                    assertEquals("[]", repr(eval(within)));
                });
    }

    @Test
    void scope_ofHttp10_hasNoExtensionThatItCannotCarry() {
        python.run(
                () -> {
                    byte[] path = bytes("/");
                    Scope.Http request =
                            new Scope.Http("1.0", "GET", path, path, path, Headers.EMPTY, local());
                    assertEquals(
                            "['http.response.pathsend', 'http.response.zerocopysend']",
                            written(writer(""), request, "list(scope['extensions'])"));
                });
    }

    @Test
    void scope_fieldsThatRecurAreTheSameObject_butNotCredentials() {
        python.run(
                () -> {
                    ScopeWriter writer = writer("");
                    Scope.Http request =
                            request("/", "", local(), "host", "x", "cookie", "c", "accept", "*");
                    name("one", writer.scope(request));
                    name("other", writer.scope(request));
                    String same = "[a is b for a, b in zip(one['headers'], other['headers'])]";
                    assertEquals("[True, False, True]", repr(eval(same)));
                });
    }

    @Test
    void scope_rootPathComesBeforeThePath() {
        python.run(
                () -> {
                    Scope.Http request = request("/a", "", local());
                    assertEquals("'/api/a'", written(writer("/api"), request, "scope['path']"));
                    assertEquals("b'/a'", written(writer("/api"), request, "scope['raw_path']"));
                });
    }

    @Test
    void scope_pathThatIsNotUtf8_isReadAllTheSame() {
        python.run(
                () -> {
                    Scope.Http request = request("/\u00e9", "\u00ff", local());
                    assertEquals(
                            "('/\ufffd', b'/\\xe9', b'\\xff')",
                            written(
                                    writer(""),
                                    request,
                                    "(scope['path'], scope['raw_path'], scope['query_string'])"));
                });
    }

    @Test
    void scope_ofAUnixSocket_hasItsPathForServerAndNoClient() {
        python.run(
                () -> {
                    Peers peers = new Peers("http", null, new Endpoint("/run/s", -1));
                    assertEquals(
                            "(None, ('/run/s', None))",
                            written(
                                    writer(""),
                                    request("/", "", peers),
                                    "(scope['client'], scope['server'])"));
                });
    }

    @Test
    void scope_ofAnEncryptedConnection_tellsOfThat_inADictOfItsOwn() {
        python.run(
                () -> {
                    Tls tls = new Tls("PEM", List.of("A", "B"), "CN=\u00e9", 0x304, 0x1301);
                    Scope.Http request = request("/", "", new Peers("https", null, null, tls));
                    ScopeWriter writer = writer("");
                    assertEquals(
                            "('https', {'client_cert_chain': ['A', 'B'],"
                                    + " 'tls_version': 772, 'cipher_suite': 4865, 'server_cert':"
                                    + " 'PEM', 'client_cert_name': 'CN=\u00e9',"
                                    + " 'client_cert_error': None})",
                            written(
                                    writer,
                                    request,
                                    "(scope['scheme'], scope['extensions']['tls'])"));
                    name("one", writer.scope(request));
                    name("other", writer.scope(request));
                    String own = "one['extensions']['tls'] is not other['extensions']['tls']";
                    assertEquals("True", repr(eval(own)));
                    Tls without = new Tls("OTHER", List.of(), null, 0x303, 0xC02B);
                    Scope.Http next = request("/", "", new Peers("https", null, null, without));
                    assertEquals(
                            "('OTHER', [], None)",
                            written(
                                    writer,
                                    next,
                                    "tuple(scope['extensions']['tls'][key] for key in"
                                            + " ('server_cert', 'client_cert_chain',"
                                            + " 'client_cert_name'))"));
                });
    }

    @Test
    void event_bodyIsJoined() {
        python.run(
                () -> {
                    Inbound body = new Inbound.RequestBody(List.of(bytes("ab"), bytes("c")), true);
                    assertEquals(
                            "{'type': 'http.request', 'body': b'abc', 'more_body': True}",
                            repr(writer("").event(body)));
                    assertEquals(
                            "{'type': 'http.request', 'body': b'', 'more_body': False}",
                            repr(writer("").event(new Inbound.RequestBody(List.of(), false))));
                    assertEquals(
                            "{'type': 'http.disconnect'}",
                            repr(writer("").event(new Inbound.Disconnect())));
                });
    }

    @Test
    void codec_beforeTheAppServes_hasNoScopes() {
        python.run(
                () ->
                        assertThrows(
                                IllegalStateException.class,
                                () -> new AsgiCodec("", _ -> {}).scope(Requests.request())));
    }
}
