package io.spvn.cli;

import io.spvn.server.OwnLog;
import io.spvn.server.process.LogFile;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/// Writes each record with one write, so that what Python prints to standard error itself does not
/// end up inside a line. Any thread; [LogWriter] says how long one may have to wait.
final class LogHandler extends Handler implements OwnLog {
    private static final Duration FLUSH_WITHIN = Duration.ofSeconds(1);

    private final LogFile file;
    private final LogWriter writer;

    /// @param file where records go, which is open
    LogHandler(Formatter format, LogFile file) {
        this(format, file, new LogStream(file), LogWriter.PATIENCE);
    }

    /// @param unbuffered in place of standard error
    /// @param patience of those who log
    LogHandler(Formatter format, OutputStream unbuffered, Duration patience) {
        this(format, LogFile.error(), unbuffered, patience);
    }

    private LogHandler(Formatter format, LogFile file, OutputStream unbuffered, Duration patience) {
        setFormatter(format);
        this.file = file;
        this.writer = LogWriter.start(unbuffered, patience, this::loss);
    }

    @Override
    public void publish(LogRecord record) {
        if (isLoggable(record)) {
            writer.write(bytes(record));
        }
    }

    private byte[] loss(long count) {
        String text =
                "log records lost because %s was not read or not writable: %d"
                        .formatted(file.name(), count);
        return bytes(new LogRecord(Level.WARNING, text));
    }

    private byte[] bytes(LogRecord record) {
        return getFormatter().format(record).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public LogFile file() {
        return file;
    }

    @Override
    public void reopen() {
        file.ask();
        writer.write(new byte[0]); // its thread does it before it writes
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
