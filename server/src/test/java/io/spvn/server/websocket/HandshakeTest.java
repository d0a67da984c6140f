package io.spvn.server.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Headers;
import io.spvn.server.connection.Octets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class HandshakeTest {
    private static final String KEY = "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==";
    private static final String VERSION = "sec-websocket-version: 13";

    /// What is wrong, and with what it is refused.
    record Row(HandshakeRules rule, List<String> fields) {
        Row(HandshakeRules rule, String... fields) {
            this(rule, List.of(fields));
        }
    }

    static List<Row> refused() {
        return List.of(
                new Row(HandshakeRules.VERSION, KEY),
                new Row(HandshakeRules.VERSION, KEY, "sec-websocket-version: 8"),
                new Row(HandshakeRules.VERSION, KEY, "sec-websocket-version: 013"),
                new Row(HandshakeRules.VERSION, KEY, "sec-websocket-version: 13, 8"),
                new Row(HandshakeRules.VERSION, KEY, "sec-websocket-version: "),
                new Row(HandshakeRules.VERSION_REPEATED, KEY, VERSION, VERSION),
                new Row(HandshakeRules.KEY_MISSING, VERSION),
                new Row(HandshakeRules.KEY_REPEATED, VERSION, KEY, KEY),
                new Row(HandshakeRules.KEY, VERSION, "sec-websocket-key: "),
                new Row(HandshakeRules.KEY, VERSION, "sec-websocket-key: dGhlIHNhbXBsZQ=="),
                new Row(HandshakeRules.KEY, VERSION, "sec-websocket-key: dGhlIHNhbXBsZSBub25jZTEx"),
                new Row(HandshakeRules.KEY, VERSION, "sec-websocket-key: dGhlIHNhbXBsZSBub25*ZQ=="),
                new Row(HandshakeRules.PROTOCOLS, KEY, VERSION, "sec-websocket-protocol: a b"),
                new Row(HandshakeRules.PROTOCOLS, KEY, VERSION, "sec-websocket-protocol: a, \"b\""),
                new Row(HandshakeRules.EXTENSIONS, KEY, VERSION, "sec-websocket-extensions: a;"),
                new Row(HandshakeRules.BODY, KEY, VERSION, "content-length: 1"),
                new Row(HandshakeRules.BODY, KEY, VERSION, "transfer-encoding: chunked"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void brokenRule_isRefused(Row row) {
        assertEquals(row.rule, refusal(row.fields.toArray(String[]::new)));
    }

    @Test
    void everyRule_isBrokenByARow() {
        for (HandshakeRules rule : HandshakeRules.values()) {
            assertTrue(refused().stream().anyMatch(row -> row.rule == rule), rule.name());
        }
    }

    @Test
    void wrongVersion_isToldWhatIsSpoken() {
        HandshakeRules rule = HandshakeRules.VERSION;
        assertEquals(426, rule.error().status());
        assertEquals(
                List.of("upgrade: websocket", "sec-websocket-version: 13"), lines(rule.fields()));
        assertEquals(List.of(), lines(HandshakeRules.KEY.fields()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  | false | websocket      | Upgrade             | true",
                "GET  | false | WebSocket      | keep-alive, UPGRADE | true",
                "GET  | false | h2c, websocket | upgrade             | true",
                "GET  | true  | websocket      | Upgrade             | false",
                "POST | false | websocket      | Upgrade             | false",
                "GET  | false | h2c            | Upgrade             | false",
                "GET  | false | websocket      | keep-alive          | false",
                "GET  | false | websockets     | Upgrade             | false"
            })
    void request_asksForAWebSocket_orDoesNot(
            String method, boolean http10, String upgrade, String connection, boolean asks) {
        Headers headers = headers("upgrade: " + upgrade, "connection: " + connection);
        assertEquals(asks, Handshake.isAskedFor(method, http10, headers));
    }

    /// RFC 6455 1.3.
    @Test
    void key_isAnsweredAsTheSpecificationSays() {
        Handshake handshake = Handshake.of(headers(KEY, VERSION, "content-length: 0"));
        assertEquals("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", handshake.accept());
        assertEquals(
                List.of(
                        "upgrade: websocket",
                        "connection: Upgrade",
                        "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
                lines(handshake.answer(null, null)));
    }

    @Test
    void answer_hasWhatWasAgreedOn() {
        Handshake handshake =
                Handshake.of(headers(KEY, VERSION, "sec-websocket-extensions: permessage-deflate"));
        try (var contexts = new DeflateContexts(1 << 20);
                PerMessageDeflate deflate = contexts.agree(handshake.extensions())) {
            assertEquals(
                    List.of(
                            "sec-websocket-protocol: chat",
                            "sec-websocket-extensions: permessage-deflate"),
                    lines(handshake.answer("chat", deflate)).subList(3, 5));
        }
    }

    @Test
    void subprotocols_areOneListOverAllLines() {
        Handshake handshake =
                Handshake.of(
                        headers(
                                KEY,
                                VERSION,
                                "sec-websocket-protocol: b ,a",
                                "other: x",
                                "sec-websocket-protocol: ,graphql-transport-ws"));
        assertEquals(List.of("b", "a", "graphql-transport-ws"), handshake.subprotocols());
    }

    private static HandshakeRules refusal(String... fields) {
        return assertThrows(HandshakeError.class, () -> Handshake.of(headers(fields))).rule();
    }

    static Headers headers(String... lines) {
        List<byte[]> fields = new ArrayList<>();
        for (String line : lines) {
            int colon = line.indexOf(": ");
            fields.add(Octets.of(line.substring(0, colon)));
            fields.add(Octets.of(line.substring(colon + 2)));
        }
        return Headers.of(fields.toArray(byte[][]::new));
    }

    private static List<String> lines(Headers headers) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < headers.size(); i++) {
            int name = headers.nameStart(i);
            lines.add(
                    Octets.text(headers.block(), name, headers.nameEnd(i) - name)
                            + ": "
                            + Octets.text(headers.value(i)));
        }
        return lines;
    }
}
