package io.spvn.bridge.asgi;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spvn.bridge.asgi.ResponseRules.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
        "STREAMING, LAST, COMPLETE",
        "AWAITING_START, TRAILED_START, TRAILED",
        "TRAILED, MORE, TRAILED_STREAMING",
        "TRAILED, LAST, AWAITING_TRAILERS",
        "TRAILED, FILE, AWAITING_TRAILERS",
        "TRAILED_STREAMING, MORE, TRAILED_STREAMING",
        "TRAILED_STREAMING, LAST, AWAITING_TRAILERS",
        "AWAITING_TRAILERS, TRAILERS, AWAITING_TRAILERS",
        "AWAITING_TRAILERS, LAST_TRAILERS, COMPLETE",
        "STARTED, FILE, COMPLETE",
        "AWAITING_START, HINT, AWAITING_START",
        "STARTED, HINT, STARTED",
        "STREAMING, HINT, STREAMING",
        "TRAILED, HINT, TRAILED",
        "TRAILED_STREAMING, HINT, TRAILED_STREAMING"
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
        "AWAITING_START, FILE, 'Expected ASGI message ''http.response.start'', but got"
                + " ''http.response.pathsend''.'",
        "STREAMING, FILE, 'Expected ASGI message ''http.response.body'', but got"
                + " ''http.response.pathsend''.'",
        "AWAITING_START, PART_OF_FILE, 'Expected ASGI message ''http.response.start'', but got"
                + " ''http.response.zerocopysend''.'",
        "STREAMING, LAST_TRAILERS, 'Expected ASGI message ''http.response.body'', but got"
                + " ''http.response.trailers''.'",
        "AWAITING_TRAILERS, LAST, 'Expected ASGI message ''http.response.trailers'', but got"
                + " ''http.response.body''.'",
        "COMPLETE, HINT, 'Unexpected ASGI message ''http.response.early_hint'' sent, after"
                + " response already completed.'",
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
                | state | start | start, trailers to come | body, more to come | last body | trailers, more to come | last trailers | pathsend | early hint |
                |---|---|---|---|---|---|---|---|---|
                | AWAITING_START | STARTED | TRAILED | refused | refused | refused | refused | refused | AWAITING_START |
                | STARTED | refused | refused | STREAMING | COMPLETE | refused | refused | COMPLETE | STARTED |
                | STREAMING | refused | refused | STREAMING | COMPLETE | refused | refused | refused | STREAMING |
                | TRAILED | refused | refused | TRAILED_STREAMING | AWAITING_TRAILERS | refused | refused | AWAITING_TRAILERS | TRAILED |
                | TRAILED_STREAMING | refused | refused | TRAILED_STREAMING | AWAITING_TRAILERS | refused | refused | refused | TRAILED_STREAMING |
                | AWAITING_TRAILERS | refused | refused | refused | refused | AWAITING_TRAILERS | COMPLETE | refused | refused |
                | COMPLETE | refused | refused | refused | refused | refused | refused | refused | refused |
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

    @ParameterizedTest
    @ValueSource(strings = {"content-length", "transfer-encoding", "host", "te"})
    void fieldThatIsNeededBeforeTheBody_isNoTrailer(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        Headers fields = Headers.of(new byte[] {'x'}, bytes, bytes, new byte[] {'1'});
        assertThrows(IllegalArgumentException.class, () -> new Outbound.Trailers(fields, true));
    }

    private static FileRange file() {
        try {
            return FileRange.of(Path.of("/proc/self/status"), 0);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Outbound event(String name) {
        return switch (name) {
            case "START" -> START;
            case "MORE" -> MORE;
            case "LAST" -> LAST;
            case "TRAILED_START" -> new Outbound.ResponseStart(200, Headers.EMPTY, true);
            case "TRAILERS" -> new Outbound.Trailers(Headers.EMPTY, true);
            case "LAST_TRAILERS" -> new Outbound.Trailers(Headers.EMPTY, false);
            case "FILE" -> new Outbound.WholeFile(file());
            case "PART_OF_FILE" -> new Outbound.ResponseBody(file(), true);
            case "HINT" -> new Outbound.EarlyHint(Headers.EMPTY);
            default -> throw new AssertionError(name);
        };
    }
}
