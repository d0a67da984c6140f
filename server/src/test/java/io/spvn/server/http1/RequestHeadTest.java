package io.spvn.server.http1;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Scope;
import io.spvn.server.http.HttpError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestHeadTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"
            })
    void wellKnownMethod_isInterned(String method) {
        String target = method.equals("CONNECT") ? "a:1" : "/";
        assertSame(method.intern(), line(method + " " + target).method());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROPFIND", "QUERY", "M-SEARCH", "GETT", "G^T"})
    void otherMethod_isAsSent(String method) {
        assertEquals(method, line(method + " /").method());
    }

    /// Methods are case-sensitive, and ASGI has no way to tell an app of these.
    @ParameterizedTest
    @ValueSource(strings = {"head", "Head", "get", "post", "patch", "Query", "m-SEARCH", "GETt"})
    void methodWithASmallLetter_isNotImplemented(String method) {
        HttpError error = assertThrows(HttpError.class, () -> line(method + " /"));
        assertEquals(501, error.status());
    }

    @ParameterizedTest
    @CsvSource({
        "/, /, /, ''",
        "/?, /, /, ''",
        "/a?b, /a, /a, b",
        "/a?b?c, /a, /a, b?c",
        "/?a=%20+, /, /, a=%20+",
        "/a%2Fb, /a/b, /a%2Fb, ''",
        "/a%2fb%41, /a/bA, /a%2fb%41, ''",
        "//a/../b//, //a/../b//, //a/../b//, ''",
        "/a+b, /a+b, /a+b, ''",
        "/%, /%, /%, ''",
        "/%4, /%4, /%4, ''",
        "/%4g%41, /%4gA, /%4g%41, ''",
        "/%%41, /%A, /%%41, ''",
        "/%2541, /%41, /%2541, ''",
        "/:a@b, /:a@b, /:a@b, ''",
        "http://b, /, /, ''",
        "http://b/, /, /, ''",
        "http://b?q, /, /, q",
        "http://b/a%20c?d, '/a c', /a%20c, d",
        "HTTP://b//x, //x, //x, ''",
        "http://b/?http://c/, /, /, http://c/"
    })
    void target_isCutIntoPathAndQuery(String target, String path, String raw, String query) {
        Scope.Http scope = line("GET " + target).scope(Heads.PEERS);
        assertEquals(path, Heads.text(scope.path()));
        assertEquals(raw, Heads.text(scope.rawPath()));
        assertEquals(query, Heads.text(scope.query()));
    }

    @Test
    void encodedControlCharacters_stayInThePath() {
        Scope.Http scope = line("GET /%00%0d%0a%FF%C0%AF").scope(Heads.PEERS);
        assertArrayEquals(
                new byte[] {'/', 0, '\r', '\n', (byte) 0xFF, (byte) 0xC0, (byte) 0xAF},
                scope.path());
    }

    @Test
    void octetsAboveAscii_arePassedOn() {
        Scope.Http scope = line("GET /\u00c3\u00a9?\u00ff").scope(Heads.PEERS);
        assertEquals("/\u00c3\u00a9", Heads.text(scope.rawPath()));
        assertEquals("\u00ff", Heads.text(scope.query()));
    }

    @ParameterizedTest
    @CsvSource({
        "OPTIONS *, *",
        "OPTIONS http://b, *",
        "OPTIONS http://b/, /",
        "OPTIONS http://b?q, /"
    })
    void options_mayAskTheServerAsAWhole(String line, String path) {
        assertEquals(path, Heads.text(line(line).scope(Heads.PEERS).path()));
    }

    @Test
    void connect_hasItsTargetForAPath() {
        RequestHead head = line("CONNECT b.example:443");
        Scope.Http scope = head.scope(Heads.PEERS);
        assertEquals("b.example:443", Heads.text(scope.path()));
        assertEquals("b.example:443", Heads.text(scope.rawPath()));
        assertEquals("", Heads.text(scope.query()));
        assertTrue(head.isConnect());
        assertFalse(head.keepAlive());
    }

    @Test
    void target_isKeptAsReceived() {
        assertEquals("HTTP://B/a%20b?c", Heads.text(line("GET HTTP://B/a%20b?c").target()));
    }

    @Test
    void hostOfTheTarget_replacesTheHostHeader() {
        RequestHead head =
                Heads.parse("GET http://b:81/ HTTP/1.1\r\nA: 1\r\nHost: a\r\nC: 3\r\n\r\n");
        assertEquals("a: 1\nhost: b:81\nc: 3\n", Heads.text(head.headers()));
    }

    @Test
    void hostOfTheTarget_standsInForAMissingHeader() {
        RequestHead head = Heads.parse("GET http://b:81/ HTTP/1.0\r\nA: 1\r\n\r\n");
        assertEquals("host: b:81\na: 1\n", Heads.text(head.headers()));
        assertEquals("http://b:81/", Heads.text(head.target()));
    }

    @Test
    void hostHeader_isLeftAloneOtherwise() {
        assertEquals(
                "host: EXAMPLE:80\n",
                Heads.text(
                        Heads.parse("OPTIONS * HTTP/1.1\r\nHost: EXAMPLE:80\r\n\r\n").headers()));
    }

    @ParameterizedTest
    @CsvSource({
        "1.1, '', true",
        "1.1, close, false",
        "1.1, CLOSE, false",
        "1.1, 'upgrade, Close', false",
        "1.1, 'keep-alive, close', false",
        "1.1, 'closed', true",
        "1.1, 'keep-alive', true",
        "1.0, '', false",
        "1.0, keep-alive, true",
        "1.0, Keep-Alive, true",
        "1.0, 'close, keep-alive', false",
        "1.0, upgrade, false"
    })
    void keepAlive_isUpToVersionAndConnection(String version, String connection, boolean alive) {
        String line = "GET / HTTP/" + version + "\r\nHost: a\r\nConnection: " + connection;
        assertEquals(alive, Heads.parse(line + "\r\n\r\n").keepAlive());
    }

    @Test
    void connectionOptions_mayBeSpreadOverLines() {
        assertFalse(
                fields("Connection: a\r\nX: y\r\nConnection: b,\r\nConnection: close").keepAlive());
    }

    @ParameterizedTest
    @CsvSource({
        "1.1, 100-continue, 5, true",
        "1.1, 100-Continue, 5, true",
        "1.1, 'x, 100-continue', 5, true",
        "1.1, 200-ok, 5, false",
        "1.1, 100-continue, 0, false",
        "1.0, 100-continue, 5, false"
    })
    void continue_isExpectedByHttp11WithABody(
            String version, String expect, int length, boolean expected) {
        RequestHead head =
                Heads.parse(
                        "POST / HTTP/%s\r\nHost: a\r\nExpect: %s\r\nContent-Length: %d\r\n\r\n"
                                .formatted(version, expect, length));
        assertEquals(expected, head.expectsContinue());
    }

    @Test
    void framing_isReadFromTheFields() {
        assertEquals(new Framing.None(), fields("X: y").framing());
        assertEquals(new Framing.None(), fields("Content-Length: 0").framing());
        assertEquals(new Framing.Length(5), fields("Content-Length: 5").framing());
        assertEquals(new Framing.Chunked(), fields("Transfer-Encoding: Chunked").framing());
    }

    @Test
    void scope_saysTheVersion() {
        assertEquals("1.1", line("GET /").scope(Heads.PEERS).httpVersion());
        RequestHead old = Heads.parse("HEAD / HTTP/1.0\r\n\r\n");
        assertEquals("1.0", old.scope(Heads.PEERS).httpVersion());
        assertTrue(old.http10() && old.isHead());
    }

    private static RequestHead line(String methodAndTarget) {
        return Heads.parse(methodAndTarget + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    private static RequestHead fields(String fields) {
        return Heads.parse("POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n");
    }
}
