package io.spvn.cli;

import io.spvn.bridge.worker.AppInterface;
import io.spvn.server.Bind;
import io.spvn.server.http.HttpVersions;
import io.spvn.server.proxy.ProxyProtocol;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How values are written, the same in options, environment variables and files. A value that is
/// not understood is an [IllegalArgumentException] whose message says what is.
final class Syntax {
    private static final Pattern DURATION =
            Pattern.compile("(?<amount>[0-9]{1,9}(\\.[0-9]{1,9})?)(?<unit>ms|s|m|h)?");
    private static final BigDecimal LONGEST_NANOS =
            BigDecimal.valueOf(Duration.ofDays(365).toNanos());
    private static final Pattern RATE = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");
    private static final Pattern SIZE = Pattern.compile("(?<amount>[0-9]{1,12})(?<unit>[KMG])?");
    private static final Pattern MODE = Pattern.compile("[0-7]{1,4}");
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,9}");

    private Syntax() {}

    /// `5`, `5s`, `100ms`, `1m` or `1h`.
    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw unknown(text, "a duration such as 5, 5s, 100ms or 1m");
        }
        BigDecimal nanos =
                new BigDecimal(matcher.group("amount")).multiply(nanosOf(matcher.group("unit")));
        if (nanos.signum() == 0) {
            throw new IllegalArgumentException("must be more than zero");
        }
        if (nanos.compareTo(LONGEST_NANOS) > 0) {
            throw new IllegalArgumentException("'" + text + "' is longer than a year");
        }
        return Duration.ofNanos(nanos.setScale(0, RoundingMode.UP).longValueExact());
    }

    /// The same, or `off`, which is zero.
    static Duration durationOrOff(String text) {
        return text.toLowerCase(Locale.ROOT).equals("off") ? Duration.ZERO : duration(text);
    }

    private static BigDecimal nanosOf(@Nullable String unit) {
        Duration one =
                switch (unit) {
                    case "ms" -> Duration.ofMillis(1);
                    case "m" -> Duration.ofMinutes(1);
                    case "h" -> Duration.ofHours(1);
                    case null, default -> Duration.ofSeconds(1);
                };
        return BigDecimal.valueOf(one.toNanos());
    }

    static int number(String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw unknown(text, "a whole number");
        }
        return Integer.parseInt(text);
    }

    /// Bytes: `1000000`, or with a unit of 1024, its square or its cube `512K`, `10M`, `1G`.
    static long size(String text) {
        Matcher matcher = SIZE.matcher(text.toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw unknown(text, "a size such as 1000000, 512K, 10M or 1G");
        }
        long amount = Long.parseLong(matcher.group("amount"));
        long unit = bytesOf(matcher.group("unit"));
        if (amount == 0) {
            throw new IllegalArgumentException("must be more than zero");
        }
        if (amount > Long.MAX_VALUE / unit) {
            throw new IllegalArgumentException("'" + text + "' is more than can be counted");
        }
        return amount * unit;
    }

    private static long bytesOf(@Nullable String unit) {
        return switch (unit) {
            case "K" -> 1L << 10;
            case "M" -> 1L << 20;
            case "G" -> 1L << 30;
            case null, default -> 1;
        };
    }

    /// Requests a second: `500` or `0.5`.
    static double rate(String text) {
        if (!RATE.matcher(text).matches()) {
            throw unknown(text, "a rate such as 500 or 0.5");
        }
        return Double.parseDouble(text);
    }

    /// Two rates: `100:5000`.
    static RateSpan ramp(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw unknown(text, "of the form FROM:TO, such as 100:5000");
        }
        return new RateSpan(rate(text.substring(0, colon)), rate(text.substring(colon + 1)));
    }

    /// Octal, as for the shell's `umask`.
    static int umask(String text) {
        return mode(text, "a umask within 000-777");
    }

    /// Octal, as for the shell's `chmod`.
    static int permissions(String text) {
        return mode(text, "a mode within 000-777");
    }

    private static int mode(String text, String what) {
        if (!MODE.matcher(text).matches() || Integer.parseInt(text, 8) > 0777) {
            throw unknown(text, what);
        }
        return Integer.parseInt(text, 8);
    }

    static Bind bind(String text) {
        try {
            return Bind.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "': " + e.getMessage(), e);
        }
    }

    /// `1`, `true`, `yes` or `on`, or the contrary.
    static boolean flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "1", "true", "yes", "on" -> true;
            case "0", "false", "no", "off" -> false;
            default -> throw unknown(text, "one of 1, true, yes, on, 0, false, no, off");
        };
    }

    /// A count, or `true` or `false` for 1 or 0.
    static int verbosity(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> 1;
            case "false", "no", "off" -> 0;
            default -> number(text);
        };
    }

    /// A constant of an enum, by its name in lower case, `-` for each `_`.
    static <E extends Enum<E>> E choice(Class<E> type, String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> word(constant).equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> unknown(text, "one of " + words(type)));
    }

    /// A switch, too: on is either version.
    static ProxyProtocol proxyProtocol(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "1", "true", "yes", "on" -> ProxyProtocol.AUTO;
            case "0", "false", "no", "none" -> ProxyProtocol.OFF;
            default -> choice(ProxyProtocol.class, text);
        };
    }

    /// Names of implementations, of which there is one here, say nothing.
    static HttpVersions httpVersions(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "auto", "h11", "httptools", "zttp" -> HttpVersions.AUTO;
            case "1" -> HttpVersions.ONE;
            case "2" -> HttpVersions.TWO;
            default -> throw unknown(text, "one of auto, 1, 2");
        };
    }

    /// Names of others for the same are understood.
    static AppInterface appInterface(String text) {
        return switch (text) {
            case "asgi" -> AppInterface.ASGI3;
            case "asginl" ->
                    throw new IllegalArgumentException(
                            "'asginl' is --interface asgi --lifespan off here");
            default -> choice(AppInterface.class, text);
        };
    }

    /// Names of others for the same are understood.
    static LogLevel logLevel(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "critical" -> LogLevel.ERROR;
            case "warn" -> LogLevel.WARNING;
            case "notset" -> LogLevel.TRACE;
            default -> choice(LogLevel.class, text);
        };
    }

    private static String words(Class<? extends Enum<?>> type) {
        return String.join(", ", Arrays.stream(type.getEnumConstants()).map(Syntax::word).toList());
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static IllegalArgumentException unknown(String text, String wanted) {
        return new IllegalArgumentException("'" + text + "' is not " + wanted);
    }
}
