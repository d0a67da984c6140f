package io.spvn.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.Access;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessFormatTest {
    private static final Access USUAL =
            Requests.of(
                    "GET /a/b?x=1&y",
                    "authorization",
                    "Basic dXNlcjpwYXNz",
                    "referer",
                    "http://here/",
                    "user-agent",
                    "curl/8",
                    "x-request-id",
                    "r1",
                    "host",
                    "example");

    private static String line(AccessFormat format, Access access) {
        LineBuffer line = new LineBuffer();
        format.write(access, line);
        return line.toString();
    }

    private static String line(String format, Access access) {
        return line(TemplateFormat.of(format, ZoneOffset.UTC), access);
    }

    @Test
    void combined() {
        assertEquals(
                "192.0.2.7 - user [10/Oct/2000:13:55:36 +0000] \"GET /a/b?x=1&y HTTP/1.1\" 200"
                        + " 1234 \"http://here/\" \"curl/8\"",
                line(TemplateFormat.COMBINED, USUAL));
    }

    @ParameterizedTest
    @CsvSource({
        "%(h)s, 192.0.2.7",
        "%(l)s, -",
        "%(u)s, user",
        "%(r)s, GET /a/b?x=1&y HTTP/1.1",
        "%(m)s, GET",
        "%(U)s, /a/b",
        "%(q)s, x=1&y",
        "%(H)s, HTTP/1.1",
        "%(s)s, 200",
        "%(B)s, 1234",
        "%(b)s, 1234",
        "%(f)s, http://here/",
        "%(a)s, curl/8",
        "%(T)s, 1",
        "%(D)s, 1234567",
        "%(M)s, 1234",
        "%(L)s, 1.234567",
        "%({X-Request-ID}i)s, r1",
        "%({none}i)s, -",
        "%({Content-Type}o)s, text/plain",
        "%({none}o)s, -",
        "%({close}x)s, -",
        "100%% %(s)s%%, 100% 200%",
        "%(addr)s %(method)s %(path)s, 192.0.2.7 GET /a/b",
        "%(query_string)s %(scheme)s %(protocol)s, x=1&y http HTTP/1.1",
        "%(status)d %(dt_ms).3f %(dt_ms)d, 200 1234.567 1234"
    })
    void atom(String format, String said) {
        assertEquals(said, line(format, USUAL));
    }

    @Test
    void process() {
        assertEquals("<" + ProcessHandle.current().pid() + ">", line("%(p)s", USUAL));
    }

    @Test
    void time_isThatOfTheZone() {
        TemplateFormat format = TemplateFormat.of("%(t)s", ZoneId.of("America/New_York"));
        assertEquals("[10/Oct/2000:09:55:36 -0400]", line(format, USUAL));
    }

    @Test
    void nothingThatAClientSends_forgesALine() {
        Access access =
                Requests.of("GET /\"x", "user-agent", "a\" 200\n\\\u001b[31m\u00e9", "referer", "");
        assertEquals(
                "\"GET /\\\"x HTTP/1.1\" - \"a\\\" 200\\x0a\\\\\\x1b[31m\\xe9\"",
                line("\"%(r)s\" %(f)s \"%(a)s\"", access));
    }

    @Test
    void user_thatForgesNothing() {
        String forged = "Basic ImEKYiI6eA=="; // "a\nb":x with the quotes
        assertEquals(
                "\\\"a\\x0ab\\\"", line("%(u)s", Requests.of("GET /", "authorization", forged)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer x", "Basic", "Basic ***", "Basic Og==", "Basic eA=="})
    void user_whoIsNone(String authorization) {
        assertEquals("-", line("%(u)s", Requests.of("GET /", "authorization", authorization)));
    }

    @Test
    void requestThatWasNotUnderstood() {
        assertEquals(
                "unix - - [10/Oct/2000:13:55:36 +0000] \"GET / \\\"x\\\\x00\" 400 11 \"-\" \"-\"",
                line(TemplateFormat.COMBINED, Requests.unread("GET / \"x\\x00")));
        assertEquals("- - - - -", line("%(r)s %(m)s %(U)s %(q)s %(H)s", Requests.unread("")));
    }

    @Test
    void webSocket() {
        assertEquals("101 1001", line("%(s)s %({close}x)s", Requests.of("GET /ws", 1001)));
    }

    @Test
    void json() {
        assertEquals(
                "{\"time\":\"2000-10-10T13:55:36.123Z\",\"client\":\"192.0.2.7\",\"user\":\"user\","
                        + "\"method\":\"GET\",\"path\":\"/a/b\",\"query\":\"x=1&y\","
                        + "\"protocol\":\"HTTP/1.1\",\"scheme\":\"http\",\"host\":\"example\","
                        + "\"referer\":\"http://here/\",\"user_agent\":\"curl/8\","
                        + "\"request_id\":\"abc-1\",\"status\":200,\"bytes\":1234,"
                        + "\"duration_ms\":1234.567}",
                line(new JsonFormat(ZoneOffset.UTC), USUAL));
    }

    @Test
    void json_isOneLineWhateverAClientSends() {
        Access access = Requests.of("GET /", "user-agent", "a\"\n\\\u001b\u00c3\u00bc\u00ff");
        String line = line(new JsonFormat(ZoneOffset.UTC), access);
        assertTrue(line.contains("\"user_agent\":\"a\\\"\\n\\\\\\u001bü\ufffd\""), line);
    }

    @Test
    void json_ofAWebSocketAndOfWhatWasNotUnderstood() {
        JsonFormat format = new JsonFormat(ZoneOffset.UTC);
        assertTrue(line(format, Requests.of("GET /ws", 1001)).endsWith(",\"close\":1001}"));
        assertEquals(
                "{\"time\":\"2000-10-10T13:55:36.123Z\",\"client\":\"unix\","
                        + "\"request\":\"GET x\",\"status\":400,\"bytes\":11,\"duration_ms\":0.000}",
                line(format, Requests.unread("GET x")));
    }

    @ParameterizedTest
    @CsvSource({
        "'', 'must be one line, and not empty'",
        "'a\nb', 'must be one line, and not empty'",
        "%(x)s, there is no atom %(x)s; take one of h",
        "%({REMOTE_USER}e)s, there is no atom %({REMOTE_USER}e)s",
        "%({other}x)s, there is no atom %({other}x)s",
        "%h, '%h' has a % that begins no atom",
        "%(h), '%(h)' has a % that begins no atom"
    })
    void wrongFormat(String format, String complaint) {
        var failure = assertThrows(IllegalArgumentException.class, () -> AccessFormat.of(format));
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.startsWith(complaint), message);
    }
}
