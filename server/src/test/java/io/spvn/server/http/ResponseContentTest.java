package io.spvn.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseContentTest {
    @ParameterizedTest
    @CsvSource({
        "false, 200, false",
        "true, 200, true",
        "false, 103, true",
        "false, 204, true",
        "false, 205, true",
        "false, 304, true",
        "false, 404, false",
        "false, 500, false"
    })
    void isSilent(boolean head, int status, boolean silent) {
        assertEquals(silent, ResponseContent.isSilent(head, status));
    }

    @ParameterizedTest
    @CsvSource({
        "false, 200, 5, -1, 5",
        "false, 200, -1, 5, 5",
        "false, 200, -1, 0, 0",
        "false, 200, -1, -1, -1",
        "false, 205, 5, 5, 0",
        "false, 304, 5, 0, 5",
        "false, 304, -1, 0, -1",
        "true, 200, 5, 0, 5",
        "true, 200, -1, 0, -1",
        "true, 200, -1, 5, 5"
    })
    void length_isTheOneThatIsTrue(boolean head, int status, long declared, long known, long told) {
        assertEquals(told, ResponseContent.length(head, status, declared, known));
    }
}
