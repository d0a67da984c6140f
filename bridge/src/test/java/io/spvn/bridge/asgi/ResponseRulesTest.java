package io.spvn.bridge.asgi;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spvn.bridge.asgi.ResponseRules.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ResponseRulesTest {
    private static final Outbound START = new Outbound.ResponseStart(200, Headers.EMPTY);
    private static final Outbound MORE = new Outbound.ResponseBody(Payload.EMPTY, true);
    private static final Outbound LAST = new Outbound.ResponseBody(Payload.EMPTY, false);

    @ParameterizedTest
    @CsvSource({
        "AWAITING_START, START, STARTED",
        "STARTED, MORE, STREAMING",
        "STARTED, LAST, COMPLETE",
        "STREAMING, MORE, STREAMING",
        "STREAMING, LAST, COMPLETE"
    })
    void legalEvent_leadsOn(State state, String event, State next) {
        assertEquals(next, ResponseRules.next(state, event(event)));
    }

    @ParameterizedTest
    @CsvSource({
        "AWAITING_START, MORE, 'Expected ASGI message ''http.response.start'', but got"
                + " ''http.response.body''.'",
        "AWAITING_START, LAST, 'Expected ASGI message ''http.response.start'', but got"
                + " ''http.response.body''.'",
        "STARTED, START, 'Expected ASGI message ''http.response.body'', but got"
                + " ''http.response.start''.'",
        "STREAMING, START, 'Expected ASGI message ''http.response.body'', but got"
                + " ''http.response.start''.'",
        "COMPLETE, START, 'Unexpected ASGI message ''http.response.start'' sent, after response"
                + " already completed.'",
        "COMPLETE, MORE, 'Unexpected ASGI message ''http.response.body'' sent, after response"
                + " already completed.'",
        "COMPLETE, LAST, 'Unexpected ASGI message ''http.response.body'' sent, after response"
                + " already completed.'"
    })
    void eventOutOfOrder_isAViolation(State state, String event, String message) {
        var violation =
                assertThrows(AsgiViolation.class, () -> ResponseRules.next(state, event(event)));
        assertEquals(message, violation.getMessage());
    }

    @Test
    void describe_printsTheTable() {
        assertEquals(
                """
                | state | start | body, more to come | last body |
                |---|---|---|---|
                | AWAITING_START | STARTED | refused | refused |
                | STARTED | refused | STREAMING | COMPLETE |
                | STREAMING | refused | STREAMING | COMPLETE |
                | COMPLETE | refused | refused | refused |
                """,
                ResponseRules.describe());
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 200, 204, 304, 418, 599})
    void status_ofThreeDigitsAndAKnownClass_isLegal(int status) {
        assertDoesNotThrow(() -> ResponseRules.requireStatus(status));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 99, 600, 999, 1000, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void status_outOfRange_isRefused(int status) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Outbound.ResponseStart(status, Headers.EMPTY));
    }

    private static Outbound event(String name) {
        return switch (name) {
            case "START" -> START;
            case "MORE" -> MORE;
            case "LAST" -> LAST;
            default -> throw new AssertionError(name);
        };
    }
}
