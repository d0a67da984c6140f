package io.spvn.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/// `2026-11-23 04:40:04.123 INFO message`; an exception is named in the line, or shown with its
/// stack trace below it.
final class LogFormat extends Formatter {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);

    private final ZoneId zone;
    private final boolean stackTraces;

    LogFormat(ZoneId zone, boolean stackTraces) {
        this.zone = zone;
        this.stackTraces = stackTraces;
    }

    @Override
    public String format(LogRecord record) {
        return "%s %-5s %s%s%n"
                .formatted(
                        TIME.format(record.getInstant().atZone(zone)),
                        name(record.getLevel()),
                        formatMessage(record).stripTrailing(),
                        thrown(record.getThrown()));
    }

    private String thrown(@Nullable Throwable thrown) {
        if (thrown == null) {
            return "";
        }
        if (!stackTraces) {
            return ": " + thrown;
        }
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return System.lineSeparator() + trace.toString().stripTrailing();
    }

    private static String name(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (value >= Level.WARNING.intValue()) {
            return "WARN";
        }
        if (value >= Level.CONFIG.intValue()) {
            return "INFO";
        }
        return value >= Level.FINE.intValue() ? "DEBUG" : "TRACE";
    }
}
