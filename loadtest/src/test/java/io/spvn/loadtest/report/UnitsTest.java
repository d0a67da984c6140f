package io.spvn.loadtest.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0.00 us",
        "1, 0.00 us",
        "100, 0.10 us",
        "1000, 1.00 us",
        "9994, 9.99 us",
        "9996, 10.0 us",
        "99940, 99.9 us",
        "99960, 100 us",
        "999499, 999 us",
        "999500, 1.00 ms",
        "1000000, 1.00 ms",
        "12345678, 12.3 ms",
        "999499999, 999 ms",
        "999500000, 1.00 s",
        "1500000000, 1.50 s",
        "60000000000, 60.0 s",
        "3600000000000, 3600 s",
    })
    void time_isThreeDigitsAndAUnit(long nanos, String text) {
        assertEquals(text, Units.time(nanos));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.00 KiB",
        "10240, 10.0 KiB",
        "1048576, 1.00 MiB",
        "3000000000, 2.79 GiB",
        "1125899906842624, 1024 TiB",
        "9223372036854775807, 8388608 TiB",
    })
    void bytes_areThreeDigitsAndAUnit(long count, String text) {
        assertEquals(text, Units.bytes(count));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "5000|5,000",
                "1000000|1,000,000",
                "1|1",
                "10|10",
                "100.4|100",
                "0.5|0.5",
                "33.333|33.3",
                "0.00001234|0.0000123",
            })
    void rate_isShownAsItWasAskedFor(double rate, String text) {
        assertEquals(text, Units.rate(rate));
    }

    @Test
    void units_inWhateverLocale_readTheSame() {
        assertEquals(
                Set.of("1.50 s 2.79 GiB 1,000,000 0.5"),
                Set.copyOf(
                        Locales.everywhere(
                                () ->
                                        Units.time(1_500_000_000)
                                                + " "
                                                + Units.bytes(3_000_000_000L)
                                                + " "
                                                + Units.rate(1_000_000)
                                                + " "
                                                + Units.rate(0.5))));
    }
}
