package io.spvn.bridge.asgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketRulesTest {
    @Test
    void describe_isTheTable() {
        assertEquals(
                """
                | state | accept | send | close | denial start | denial body | last denial body |
                |---|---|---|---|---|---|---|
                | CONNECTING | OPEN | refused | CLOSED | DENIED | refused | refused |
                | OPEN | refused | OPEN | CLOSED | refused | refused | refused |
                | DENIED | refused | refused | refused | refused | DENIED | CLOSED |
                | CLOSED | refused | refused | refused | refused | refused | refused |
                """,
                WebSocketRules.describe());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CONNECTING | Expected ASGI message 'websocket.accept', 'websocket.close' or"
                        + " 'websocket.http.response.start', but got 'http.response.start'.",
                "OPEN       | Expected ASGI message 'websocket.send' or 'websocket.close', but got"
                        + " 'http.response.start'.",
                "DENIED     | Expected ASGI message 'websocket.http.response.body', but got"
                        + " 'http.response.start'.",
                "CLOSED     | Unexpected ASGI message 'http.response.start', after sending"
                        + " 'websocket.close' or response already completed."
            })
    void next_saysWhatWasExpected(WebSocketRules.State state, String message) {
        Outbound other = new Outbound.ResponseStart(200, Headers.EMPTY);
        AsgiViolation violation =
                assertThrows(AsgiViolation.class, () -> WebSocketRules.next(state, other));
        assertEquals(message, violation.getMessage());
    }

    @Test
    void next_ofAResponse_knowsNothingOfWebSockets() {
        AsgiViolation violation =
                assertThrows(
                        AsgiViolation.class,
                        () ->
                                ResponseRules.next(
                                        ResponseRules.State.AWAITING_START,
                                        new Outbound.Close(1000, "")));
        assertEquals(
                "Expected ASGI message 'http.response.start', but got 'websocket.close'.",
                violation.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 1012, 1014, 3000, 4999})
    void isSendable_whatACloseMaySay(int code) {
        assertTrue(CloseCode.mayBeSent(code));
        assertEquals(code, new Outbound.Close(code, "").code());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 999, 1004, 1016, 2999, 5000, Integer.MAX_VALUE})
    void close_withACodeThatNoneHas_isRefused(int code) {
        assertFalse(CloseCode.mayBeSent(code));
        assertThrows(IllegalArgumentException.class, () -> new Outbound.Close(code, ""));
    }

    @ParameterizedTest
    @ValueSource(ints = {1005, 1006, 1015})
    void close_withACodeThatIsOnlyReceived_isANormalOne(int code) {
        assertFalse(CloseCode.mayBeSent(code));
        assertEquals(1000, new Outbound.Close(code, "").code());
    }
}
