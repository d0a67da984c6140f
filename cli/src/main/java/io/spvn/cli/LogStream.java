package io.spvn.cli;

import io.spvn.server.process.LogFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;

/// A log's file as a stream, which is opened anew before a write when that was asked for. The
/// thread of the log.
final class LogStream extends OutputStream {
    /// A terminal or pipe that somebody has made not to wait is asked again so soon.
    private static final long AGAIN_NANOS = 10_000_000;

    private final LogFile file;

    LogStream(LogFile file) {
        this.file = file;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        boolean _ = file.renew();
        ByteBuffer left = ByteBuffer.wrap(bytes, from, length);
        while (left.hasRemaining()) {
            if (file.write(left) == 0) {
                LockSupport.parkNanos(this, AGAIN_NANOS);
            }
        }
    }
}
