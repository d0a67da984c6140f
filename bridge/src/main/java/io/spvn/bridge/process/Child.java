package io.spvn.bridge.process;

import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A Python process that runs the app for one worker, and its connections to this one. For any
/// thread; the channels are closed by who has started it, by [#close].
interface Child extends AutoCloseable {
    /// Its process id.
    long pid();

    /// What it reads from; does not block.
    SocketChannel down();

    /// What it writes to; blocks.
    SocketChannel up();

    /// Where it can be asked for the stack of its thread while that is blocked, null when nobody
    /// wants to know: one byte asks, `u32` (little-endian) and so many bytes of UTF-8 are the
    /// answer. Blocks.
    @Nullable SocketChannel side();

    /// Ends it at once. May be called again, and on one that has ended.
    void kill();

    /// Waits for its end.
    ///
    /// @return how it ended, in words such as "exit code 3" or "signal 11 (SIGSEGV)"; null when it
    ///   has not in that time
    @Nullable String awaitEnd(Duration limit) throws InterruptedException;

    /// Closes its connections. It hears of that and ends.
    @Override
    void close();
}
