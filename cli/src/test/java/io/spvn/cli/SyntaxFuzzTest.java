package io.spvn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.spvn.bridge.worker.Isolation;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/// Any text as the value of any option is a value within its bounds, or an
/// [IllegalArgumentException] that says why not. Ordinary runs replay the found cases, and try
/// fresh texts; the profile `fuzz` lets Jazzer look for more.
final class SyntaxFuzzTest {
    private static final int ROUNDS = 40_000;
    private static final int MOST_SCRAPS = 7;
    private static final BigInteger UNIT = BigInteger.valueOf(1024);

    private static final List<String> SCRAPS =
            List.of(
                    "0",
                    "1",
                    "5",
                    "9",
                    "07",
                    "99999",
                    "999999999",
                    "999999999999",
                    ".",
                    "-",
                    "+",
                    "s",
                    "ms",
                    "m",
                    "h",
                    "K",
                    "M",
                    "G",
                    "k",
                    ":",
                    ",",
                    " ",
                    "[",
                    "]",
                    "::1",
                    "[::1]:",
                    "127.0.0.1:",
                    "localhost:",
                    "unix:",
                    "/tmp/a",
                    "true",
                    "off",
                    "auto",
                    "main",
                    "\0",
                    "\n",
                    "\u00e9",
                    "\u0660",
                    "\u0130",
                    "\ud800",
                    "x".repeat(110));

    static Stream<Named<byte[]>> seeds() {
        return Stream.of("5", "1.5m", "100ms", "10M", "100:5000", "022", "[::1]:0", "unix:/a,b:1")
                .map(text -> Named.of(text, text.getBytes(UTF_8)));
    }

    @MethodSource("seeds")
    @DictionaryEntries({"999999999", "ms", "G", "[::1]:", "127.0.0.1:", "unix:/", "true", "auto"})
    @FuzzTest
    void text_isAValueOrRefused(byte[] text) {
        check(new String(text, UTF_8));
    }

    @Test
    void freshText_isAValueOrRefused() {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        System.out.printf("%d fresh inputs, -Dfuzz.seed=%d%n", ROUNDS, seed);
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            check(text(random));
        }
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(MOST_SCRAPS), 0, SCRAPS.size())
                .mapToObj(SCRAPS::get)
                .collect(Collectors.joining());
    }

    private static void check(String text) {
        read(text, Syntax::duration, value -> isBetween(value, Duration.ofDays(365)));
        read(text, Syntax::size, value -> BigInteger.valueOf(value).equals(size(text)));
        read(text, Syntax::number, value -> Math.abs(value) <= 999_999_999);
        read(text, Syntax::rate, value -> value >= 0 && value <= 1e9);
        read(text, Syntax::ramp, span -> span.from() >= 0 && span.to() <= 1e9);
        read(text, Syntax::umask, value -> value >= 0 && value <= 0777);
        read(text, Syntax::bind, bind -> Syntax.bind(address(bind.url())).equals(bind));
        read(text, Syntax::verbosity, value -> Math.abs(value) <= 999_999_999);
        read(
                text,
                value -> Syntax.choice(Isolation.class, value),
                value -> value.name().equalsIgnoreCase(text));
    }

    private static <T> void read(
            String text, Function<String, T> syntax, Function<T, Boolean> legal) {
        T value;
        try {
            value = syntax.apply(text);
        } catch (IllegalArgumentException refused) {
            assertFalse(String.valueOf(refused.getMessage()).isBlank());
            return;
        }
        assertTrue(legal.apply(value), () -> "'" + text + "' is read as " + value);
    }

    private static boolean isBetween(Duration value, Duration most) {
        return value.isPositive() && value.compareTo(most) <= 0;
    }

    private static BigInteger size(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        String digits = upper.replaceAll("[KMG]$", "");
        int power = digits.equals(upper) ? 0 : 1 + "KMG".indexOf(upper.charAt(upper.length() - 1));
        return new BigInteger(digits).multiply(UNIT.pow(power));
    }

    private static String address(String url) {
        return url.replaceFirst("^http://", "");
    }
}
