package io.spvn.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.spvn.server.connection.Octets;
import java.time.Duration;
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
        assertEquals("date: " + text + "\r\n", Octets.text(date.line()));
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

    @ParameterizedTest
    @CsvSource({
        "PT1H,   'Sun, 06 Nov 1994 09:49:37 GMT'",
        "PT-1H,  'Sun, 06 Nov 1994 07:49:37 GMT'",
        "PT-1S,  'Sun, 06 Nov 1994 08:49:36 GMT'",
        "PT-0.001S, 'Sun, 06 Nov 1994 08:49:36 GMT'",
        "P-10000D, 'Wed, 21 Jun 1967 08:49:37 GMT'"
    })
    void line_followsAClockThatIsSet(Duration jump, String text) {
        byte[] before = date.line();
        now = now.plus(jump);
        assertEquals("date: " + text + "\r\n", Octets.text(date.line()));
        now = now.minus(jump);
        assertEquals(Octets.text(before), Octets.text(date.line()));
    }
}
