package io.spvn.cli;

import io.spvn.bridge.asgi.Printable;
import io.spvn.bridge.worker.AppFault;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/// An object of JSON a line: time, level, logger, message, and where there are any the exception
/// with its traceback and the request.
final class JsonLogFormat extends Formatter {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT);
    private static final String OURS = "io.spvn.";
    private static final String APP = "io.spvn.app";

    private final ZoneId zone;
    private final boolean stackTraces;

    JsonLogFormat(ZoneId zone, boolean stackTraces) {
        this.zone = zone;
        this.stackTraces = stackTraces;
    }

    @Override
    public String format(LogRecord record) {
        StringBuilder line = new StringBuilder("{");
        field("time", TIME.format(record.getInstant().atZone(zone)), line);
        field("level", level(LogFormat.name(record.getLevel())), line);
        field("logger", logger(record.getLoggerName()), line);
        field("message", formatMessage(record).strip(), line);
        thrown(record, line);
        return line.append("}\n").toString();
    }

    private void thrown(LogRecord record, StringBuilder line) {
        switch (record.getThrown()) {
            case null -> {}
            case AppFault fault -> {
                field("exception", fault.traceback().strip(), line);
                field("method", fault.method(), line);
                field("path", fault.path(), line);
                field("request_id", fault.requestId(), line);
            }
            case Throwable thrown -> field("exception", text(thrown, record), line);
        }
    }

    private String text(Throwable thrown, LogRecord record) {
        if (!LogFormat.shows(stackTraces, record)) {
            return thrown.toString();
        }
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return trace.toString().strip();
    }

    /// The names of Python's logging, as in what the app says.
    private static String level(String name) {
        return name.equals("WARN") ? "WARNING" : name;
    }

    private static String logger(@Nullable String name) {
        if (APP.equals(name)) {
            return "spvn.app";
        }
        return name == null || name.startsWith(OURS) ? "spvn" : name;
    }

    private static void field(String name, String value, StringBuilder line) {
        if (!value.isEmpty()) {
            line.append(line.length() > 1 ? "," : "")
                    .append('"')
                    .append(name)
                    .append("\":")
                    .append(Printable.json(value));
        }
    }
}
