package io.spvn.loadtest.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/// Times, rates and sizes for people: three digits that count, and a unit.
final class Units {
    private static final MathContext DIGITS = new MathContext(3);

    private Units() {}

    static String time(long nanos) {
        if (nanos >= 999_500_000) {
            return digits(nanos / 1e9) + " s";
        }
        return nanos >= 999_500 ? digits(nanos / 1e6) + " ms" : digits(nanos / 1e3) + " us";
    }

    /// A rate somebody asked for: its digits are shown if it is small enough to have them.
    static String rate(double perSecond) {
        boolean whole = perSecond == Math.rint(perSecond);
        return whole || perSecond >= 100
                ? String.format(Locale.ROOT, "%,.0f", perSecond)
                : new BigDecimal(perSecond, DIGITS).stripTrailingZeros().toPlainString();
    }

    static String connections(int count) {
        return String.format(Locale.ROOT, "%,d connection%s", count, count == 1 ? "" : "s");
    }

    static String bytes(long count) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        double value = count;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return (unit == 0 ? Long.toString(count) : digits(value)) + " " + units[unit];
    }

    private static String digits(double value) {
        int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
