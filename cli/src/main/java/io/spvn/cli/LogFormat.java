package io.spvn.cli;

import io.spvn.bridge.asgi.Printable;
import io.spvn.bridge.worker.AppFault;
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

    private static final String PLAIN = "\u001b[0m";

    private final ZoneId zone;
    private final boolean stackTraces;
    private final boolean colors;

    LogFormat(ZoneId zone, boolean stackTraces) {
        this(zone, stackTraces, false);
    }

    /// @param colors whether each level has its color
    LogFormat(ZoneId zone, boolean stackTraces, boolean colors) {
        this.zone = zone;
        this.stackTraces = stackTraces;
        this.colors = colors;
    }

    @Override
    public String format(LogRecord record) {
        return "%s %s %s%s%n"
                .formatted(
                        TIME.format(record.getInstant().atZone(zone)),
                        level(record.getLevel()),
                        Printable.text(formatMessage(record).stripTrailing()),
                        thrown(record));
    }

    private String thrown(LogRecord record) {
        Throwable thrown = record.getThrown();
        if (thrown == null) {
            return "";
        }
        if (thrown instanceof AppFault fault) {
            String traceback = fault.traceback().strip();
            return traceback.isEmpty() ? "" : "\n" + Printable.text(traceback);
        }
        if (!shows(stackTraces, record)) {
            return ": " + Printable.text(thrown.toString());
        }
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return System.lineSeparator() + trace.toString().stripTrailing();
    }

    static boolean shows(boolean stackTraces, LogRecord record) {
        return stackTraces && record.getLevel().intValue() >= Level.SEVERE.intValue();
    }

    private String level(Level level) {
        String name = "%-5s".formatted(name(level));
        return colors ? color(name.strip()) + name + PLAIN : name;
    }

    /// Those of uvicorn.
    private static String color(String level) {
        return switch (level) {
            case "ERROR" -> "\u001b[31m";
            case "WARN" -> "\u001b[33m";
            case "INFO" -> "\u001b[32m";
            case "DEBUG" -> "\u001b[36m";
            default -> "\u001b[34m";
        };
    }

    static String name(Level level) {
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
