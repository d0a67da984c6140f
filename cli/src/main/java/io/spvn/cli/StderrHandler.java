package io.spvn.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/// Writes each record to standard error with one write, so that what Python prints there itself
/// does not end up inside a line. Any thread; [LogWriter] says how long one may have to wait.
final class StderrHandler extends Handler {
    private static final Duration FLUSH_WITHIN = Duration.ofSeconds(1);

    private final LogWriter writer;

    StderrHandler(Formatter format) {
        this(format, new FileOutputStream(FileDescriptor.err), LogWriter.PATIENCE);
    }

    /// @param unbuffered where records go
    /// @param patience of those who log
    StderrHandler(Formatter format, OutputStream unbuffered, Duration patience) {
        setFormatter(format);
        writer = LogWriter.start(unbuffered, patience, this::loss);
    }

    @Override
    public void publish(LogRecord record) {
        if (isLoggable(record)) {
            writer.write(bytes(record));
        }
    }

    private byte[] loss(long count) {
        String text = "log records lost because standard error was not read or not writable: ";
        return bytes(new LogRecord(Level.WARNING, text + count));
    }

    private byte[] bytes(LogRecord record) {
        return getFormatter().format(record).getBytes(StandardCharsets.UTF_8);
    }

    /// Waits until all is written, or for a second.
    @Override
    public void flush() {
        writer.flush(FLUSH_WITHIN);
    }

    /// The log ends with the process.
    @Override
    public void close() {
        flush();
    }
}
