package io.spvn.loadtest.attack;

import static io.spvn.loadtest.attack.Refused.assertRefused;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTest {
    private static final Target TARGET = Target.of("http://127.0.0.1:8000/a?b=c", false);
    private static final byte[] NOTHING = {};

    private static String wire(Request request) {
        return new String(request.bytes(TARGET), ISO_8859_1).replace("\r\n", "\n");
    }

    private static Request with(String... lines) {
        List<Request.Field> fields = Arrays.stream(lines).map(Request.Field::of).toList();
        return new Request("GET", fields, NOTHING);
    }

    @Test
    void get_onTheWire_isALineAndTwoFields() {
        assertEquals(
                "GET /a?b=c HTTP/1.1\nHost: 127.0.0.1:8000\nUser-Agent: spvn-loadtest\n\n",
                wire(Request.get()));
    }

    @Test
    void everyLine_onTheWire_endsWithReturnAndFeed() {
        String text = new String(Request.get().bytes(TARGET), ISO_8859_1);
        assertEquals(text, text.replace("\r\n", "\n").replace("\n", "\r\n"));
        assertTrue(text.endsWith("\r\n\r\n"));
    }

    @Test
    void body_onTheWire_followsItsLengthByteForByte() {
        byte[] body = new byte[256];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) i;
        }
        byte[] bytes = new Request("POST", List.of(), body).bytes(TARGET);
        String head = new String(bytes, 0, bytes.length - body.length, ISO_8859_1);
        assertEquals(
                """
                POST /a?b=c HTTP/1.1
                Host: 127.0.0.1:8000
                User-Agent: spvn-loadtest
                Content-Length: 256

                """,
                head.replace("\r\n", "\n"));
        assertArrayEquals(body, Arrays.copyOfRange(bytes, head.length(), bytes.length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH"})
    void methodThatHasContent_withoutBody_saysThatThereIsNone(String method) {
        Request request = new Request(method, List.of(), new byte[0]);
        assertTrue(
                new String(request.bytes(TARGET), ISO_8859_1)
                        .contains("\r\nContent-Length: 0\r\n"));
    }

    @Test
    void connectionField_given_isSent() {
        assertTrue(wire(with("Connection: close")).contains("\nConnection: close\n"));
    }

    @Test
    void fields_given_keepOrderAndReplaceTheirOwnDefaults() {
        assertEquals(
                "GET /a?b=c HTTP/1.1\nX-B: 1\nhost: example\nUSER-AGENT: me\nX-A: \u00e4\nX-B: 2\n\n",
                wire(with("X-B: 1", "host:example", "USER-AGENT:  me ", "X-A: \u00e4", "X-B:2")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5",
                "content-length: 5",
                "Transfer-Encoding: chunked",
                "TRANSFER-ENCODING: chunked"
            })
    void framingField_given_isRefused(String line) {
        assertRefused("is made from the body", () -> with(line));
    }

    @ParameterizedTest
    @CsvSource({
        "X-A, 'a\r\nX-B: b'",
        "X-A, 'a\nX-B: b'",
        "X-A, 'a\rX-B: b'",
        "X-A, 'a\0b'",
        "X-A, 'a\u4e2db'",
        "'X-A\r\nX-B', a",
        "'X A', a",
        "'X-A ', a",
        "'', a",
        "'X:', a",
        "'\u00e4', a",
    })
    void field_thatBreaksTheHead_isRefused(String name, String value) {
        assertRefused(name, () -> new Request.Field(name, value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", ": a", "no colon", "X-A : a", "X-A: a\r\nX-B: b", "\nX: a"})
    void fieldLine_thatIsNone_isRefused(String line) {
        assertRefused("", () -> Request.Field.of(line));
    }

    @Test
    void fieldLine_mayHaveColonsAndNoValue() {
        assertEquals(new Request.Field("A", "b:c"), Request.Field.of("A: b:c"));
        assertEquals(new Request.Field("A", ""), Request.Field.of("A:"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET ", "GET /x HTTP/1.1\r\nX:", "G\nT", "G\u00cbT", "A/B"})
    void method_thatIsNoToken_isRefused(String method) {
        assertRefused("cannot be a method", () -> new Request(method, List.of(), NOTHING));
    }

    @Test
    void body_beyondItsBound_isRefused() {
        byte[] tooLarge = new byte[Request.MAX_BODY + 1];
        assertRefused("the body: at most", () -> new Request("POST", List.of(), tooLarge));
    }
}
