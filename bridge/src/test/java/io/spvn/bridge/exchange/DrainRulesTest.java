package io.spvn.bridge.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.exchange.DrainRules.Response;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DrainRulesTest {
    @ParameterizedTest
    @CsvSource({
        "AWAITED, NOBODY,     false, false",
        "AWAITED, OTHER_TASK, false, false",
        "AWAITED, OWN_TASK,   true,  true",
        "EVENTS,  NOBODY,     true,  true",
        "EVENTS,  OTHER_TASK, true,  true",
        "EVENTS,  OWN_TASK,   true,  true",
        "SIZED,   NOBODY,     false, false",
        "SIZED,   OTHER_TASK, false, false",
        "SIZED,   OWN_TASK,   false, false",
        "OPEN,    NOBODY,     false, false",
        "OPEN,    OTHER_TASK, true,  false",
        "OPEN,    OWN_TASK,   true,  false"
    })
    void due(Response response, Receiver listener, boolean whenQuiet, boolean whenNot) {
        assertEquals(whenQuiet, DrainRules.due(response, listener, true));
        assertEquals(whenNot, DrainRules.due(response, listener, false));
    }

    @ParameterizedTest
    @CsvSource({
        "content-type, text/event-stream, EVENTS",
        "content-type, Text/Event-Stream;charset=utf-8, EVENTS",
        "content-type, text/html, OPEN",
        "content-length, 5, SIZED",
        "x, y, OPEN"
    })
    void kind_isInTheHead(String name, String value, Response expected) {
        assertEquals(expected, DrainRules.kind(start(name, value)));
    }

    @Test
    void kind_withoutAHead() {
        assertEquals(Response.AWAITED, DrainRules.kind(null));
        assertTrue(DrainRules.due(DrainRules.kind(null), Receiver.OWN_TASK, false));
    }

    @Test
    void kind_eventsOfKnownLength_haveAnEnd() {
        Headers headers =
                Headers.of(
                        bytes("content-type"),
                        bytes("text/event-stream"),
                        bytes("content-length"),
                        bytes("5"));
        Response kind = DrainRules.kind(new Outbound.ResponseStart(200, headers));
        assertFalse(DrainRules.due(kind, Receiver.OTHER_TASK, true));
    }

    private static Outbound.ResponseStart start(String name, String value) {
        return new Outbound.ResponseStart(200, Headers.of(bytes(name), bytes(value)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
