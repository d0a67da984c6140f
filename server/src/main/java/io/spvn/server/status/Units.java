package io.spvn.server.status;

import java.util.Locale;

/// Numbers for people. One that is not there (NaN) is a dash.
final class Units {
    private static final String NONE = "-";
    private static final double MINUTE = 60;
    private static final double HOUR = 60 * MINUTE;
    private static final double DAY = 24 * HOUR;
    private static final double MIB = 1 << 20;

    private Units() {}

    static String count(double value) {
        return Double.isNaN(value) ? NONE : String.format(Locale.ROOT, "%,d", Math.round(value));
    }

    static String rate(double value) {
        if (Double.isNaN(value)) {
            return NONE;
        }
        return value < 100
                ? String.format(Locale.ROOT, "%,.1f", value)
                : String.format(Locale.ROOT, "%,.0f", value);
    }

    static String time(double seconds) {
        if (Double.isNaN(seconds)) {
            return NONE;
        }
        if (seconds < 1) {
            return seconds < 0.01
                    ? String.format(Locale.ROOT, "%.2f ms", seconds * 1000)
                    : String.format(Locale.ROOT, "%.0f ms", seconds * 1000);
        }
        return seconds < MINUTE ? String.format(Locale.ROOT, "%.1f s", seconds) : span(seconds);
    }

    static String span(double seconds) {
        if (Double.isNaN(seconds)) {
            return NONE;
        }
        if (seconds < MINUTE) {
            return String.format(Locale.ROOT, "%d s", (long) seconds);
        }
        if (seconds < HOUR) {
            return String.format(
                    Locale.ROOT,
                    "%d min %d s",
                    (long) (seconds / MINUTE),
                    (long) (seconds % MINUTE));
        }
        if (seconds < DAY) {
            return String.format(
                    Locale.ROOT,
                    "%d h %d min",
                    (long) (seconds / HOUR),
                    (long) (seconds % HOUR / MINUTE));
        }
        return String.format(
                Locale.ROOT, "%d d %d h", (long) (seconds / DAY), (long) (seconds % DAY / HOUR));
    }

    static String bytes(double bytes) {
        return Double.isNaN(bytes) ? NONE : String.format(Locale.ROOT, "%,.0f MiB", bytes / MIB);
    }
}
