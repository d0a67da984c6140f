package io.spvn.cli;

import io.spvn.bridge.asgi.Printable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/// `2026-11-23 04:40:04.123 INFO message`, without control characters that a client or an app may
/// have put into the message. An exception is named in the line; that of an internal error is shown
/// with its stack trace where that is asked for.
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
                        Printable.text(formatMessage(record).stripTrailing()),
                        thrown(record));
    }

    private String thrown(LogRecord record) {
        Throwable thrown = record.getThrown();
        if (thrown == null) {
            return "";
        }
        if (!stackTraces || record.getLevel().intValue() < Level.SEVERE.intValue()) {
            return ": " + Printable.text(thrown.toString());
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
