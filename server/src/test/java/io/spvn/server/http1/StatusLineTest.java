package io.spvn.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StatusLineTest {
    @ParameterizedTest
    @CsvSource({
        "100, 'HTTP/1.1 100 Continue'",
        "200, 'HTTP/1.1 200 OK'",
        "404, 'HTTP/1.1 404 Not Found'",
        "431, 'HTTP/1.1 431 Request Header Fields Too Large'",
        "299, 'HTTP/1.1 299 '",
        "599, 'HTTP/1.1 599 '"
    })
    void line_hasCodeAndReason(int status, String line) {
        assertEquals(line + "\r\n", Heads.text(StatusLine.of(status)));
    }

    @Test
    void everyLegalStatus_hasALine() {
        for (int status = 100; status <= 599; status++) {
            String line = Heads.text(StatusLine.of(status));
            assertTrue(line.matches("HTTP/1\\.1 " + status + " [A-Za-z' -]*\r\n"), line);
        }
    }
}
