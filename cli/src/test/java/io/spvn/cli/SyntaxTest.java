package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spvn.bridge.worker.AppInterface;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SyntaxTest {
    @ParameterizedTest
    @CsvSource({
        "5,     PT5S",
        "5s,    PT5S",
        "100ms, PT0.1S",
        "1m,    PT1M",
        "2h,    PT2H",
        "0.5,   PT0.5S",
        "1.5m,  PT1M30S",
        "8760h, PT8760H"
    })
    void duration(String text, Duration expected) {
        assertEquals(expected, Syntax.duration(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8761h", "999999999h", "999999999m"})
    void duration_moreThanAYear(String text) {
        assertThrows(IllegalArgumentException.class, () -> Syntax.duration(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "s", "5 s", "5d", "-5", "+5", "1e3", "5S", ".5", "5.", "0x5"})
    void duration_unknown(String text) {
        assertThrows(IllegalArgumentException.class, () -> Syntax.duration(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0s", "0ms", "0.0"})
    void duration_zero(String text) {
        assertThrows(IllegalArgumentException.class, () -> Syntax.duration(text));
    }

    @ParameterizedTest
    @CsvSource({"500, 500", "0.5, 0.5", "1000000, 1000000", "0, 0"})
    void rate(String text, double expected) {
        assertEquals(expected, Syntax.rate(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-1", "+1", "1e3", "NaN", "Infinity", "1_000", "1,000", ".5", "5/s"})
    void rate_unknown(String text) {
        assertThrows(IllegalArgumentException.class, () -> Syntax.rate(text));
    }

    @ParameterizedTest
    @CsvSource({"1:2, 1, 2", "5000:0.5, 5000, 0.5"})
    void ramp(String text, double from, double to) {
        assertEquals(new RateSpan(from, to), Syntax.ramp(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "1", "1:", ":1", "1:2:3", "1-2"})
    void ramp_unknown(String text) {
        assertThrows(IllegalArgumentException.class, () -> Syntax.ramp(text));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "22, 18", "022, 18", "0777, 511", "777, 511"})
    void umask(String text, int expected) {
        assertEquals(expected, Syntax.umask(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8", "-1", "1000", "00000", "rwx"})
    void umask_unknown(String text) {
        assertThrows(IllegalArgumentException.class, () -> Syntax.umask(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"asgi3", "ASGI3", "Asgi3"})
    void choice_inAnyCase(String text) {
        assertEquals(AppInterface.ASGI3, Syntax.choice(AppInterface.class, text));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "2, 2", "true, 1", "Yes, 1", "on, 1", "false, 0", "no, 0"})
    void verbosity(String text, int expected) {
        assertEquals(expected, Syntax.verbosity(text));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "512K, 524288", "10m, 10485760", "8589934591G, 9223372035781033984"})
    void size(String text, long expected) {
        assertEquals(expected, Syntax.size(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0G", "8589934592G", "17179869184G", "999999999999G"})
    void size_noneOrBeyondALong(String text) {
        assertThrows(IllegalArgumentException.class, () -> Syntax.size(text));
    }
}
