package io.spvn.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.ErrorManager;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/// Writes each record to standard error with one write, so that what Python prints there itself
/// does not end up inside a line. Any thread.
final class StderrHandler extends Handler {
    private final OutputStream stderr;

    StderrHandler(Formatter format) {
        this(format, new FileOutputStream(FileDescriptor.err));
    }

    /// @param unbuffered where records go
    StderrHandler(Formatter format, OutputStream unbuffered) {
        setFormatter(format);
        this.stderr = unbuffered;
    }

    @Override
    public void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        try {
            stderr.write(getFormatter().format(record).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            reportError("standard error cannot be written", e, ErrorManager.WRITE_FAILURE);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
