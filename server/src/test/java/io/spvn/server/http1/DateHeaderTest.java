package io.spvn.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DateHeaderTest {
    private Instant now = Instant.parse("1994-11-06T08:49:37.000Z");
    private final DateHeader date = new DateHeader(() -> now);

    @ParameterizedTest
    @CsvSource({
        "1994-11-06T08:49:37Z, 'Sun, 06 Nov 1994 08:49:37 GMT'",
        "2026-01-01T00:00:00.999Z, 'Thu, 01 Jan 2026 00:00:00 GMT'",
        "2028-02-29T23:59:59Z, 'Tue, 29 Feb 2028 23:59:59 GMT'"
    })
    void line_isAnImfFixdate(String instant, String text) {
        now = Instant.parse(instant);
        assertEquals("date: " + text + "\r\n", Heads.text(date.line()));
    }

    @Test
    void line_staysForASecond() {
        byte[] first = date.line();
        now = now.plusMillis(999);
        assertSame(first, date.line());
        now = now.plusMillis(1);
        assertNotSame(first, date.line());
        assertSame(date.line(), date.line());
    }

    @Test
    void line_followsAClockThatIsSetBack() {
        date.line();
        now = now.minusSeconds(3600);
        assertEquals("date: Sun, 06 Nov 1994 07:49:37 GMT\r\n", Heads.text(date.line()));
    }
}
