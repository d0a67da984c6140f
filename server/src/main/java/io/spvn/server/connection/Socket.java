package io.spvn.server.connection;

import io.spvn.bridge.asgi.FileRange;
import io.spvn.bridge.asgi.Peers;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The end of a connection on our side: bytes in, bytes out, and ways to end it.
///
/// One thread reads and one writes at a time; any other may ask, close or abort meanwhile, which
/// ends their waits with an error. What is read and written are the bytes of the protocol: those of
/// an encrypted connection are behind it.
///
/// The end of the output is said in [#endOutput] alone: a client to whom encryption tells the end
/// from a break finds a connection broken that was only closed.
public interface Socket {
    /// What is read of a file at a time, where the system cannot send it by itself.
    int FILE_PIECE = 64 * 1024;

    /// The next piece of the input, in an array of its own; null at the end. Blocks until there is
    /// one. What the array weighs ([io.spvn.bridge.exchange.Ledger#weight]) has been entered in the
    /// ledger, and is the caller's to give back.
    ///
    /// @throws java.io.UncheckedIOException when the connection is broken, or closed meanwhile
    byte @Nullable [] read();

    /// Reader, when it reads no more: gives back what is kept room for.
    void endInput();

    /// Returns when all of it is with the system; blocks while the client does not read.
    ///
    /// @throws java.io.UncheckedIOException when the connection is broken, or closed meanwhile
    void write(ByteBuffer bytes);

    /// Likewise for bytes of a file, from its byte `from` on.
    ///
    /// @throws java.io.UncheckedIOException also when the file has not so many
    default void write(FileRange file, long from, int count) {
        byte[] copy = new byte[Math.min(count, FILE_PIECE)];
        for (int done = 0; done < count; done += copy.length) {
            int piece = Math.min(copy.length, count - done);
            file.copyTo(from + done, copy, 0, piece);
            write(ByteBuffer.wrap(copy, 0, piece));
        }
    }

    /// Says that nothing more is written, behind what was written before. Does not block; nothing
    /// happens on one that is closed.
    ///
    /// @throws java.io.UncheckedIOException when the connection is broken
    void endOutput();

    /// Waits until what [#endOutput] says is with the system, where it had to wait for what was
    /// written before; at the latest, until the connection is closed.
    ///
    /// @throws InterruptedException when the thread is to end
    void awaitOutputEnd() throws InterruptedException;

    /// How much the client has taken of what was written to it: bytes that its system has
    /// acknowledged. Of a connection that is over it means nothing.
    long acknowledged();

    /// Bytes that were written and that its system has not acknowledged; more than there can be
    /// where that is not known.
    long unacknowledged();

    /// Whether the client has sent something that was not read yet, as far as that is known; for
    /// those who do not read it.
    boolean hasUnread();

    /// Whether the client has reset the connection, as far as that is known; for those who do not
    /// read it.
    boolean hasReset();

    /// Ends it, whatever another thread reads or writes. What was written goes out first. Does not
    /// block; may be called again.
    ///
    /// @throws java.io.UncheckedIOException when the connection was broken; it is closed then, too
    void close();

    /// Ends it at once, and lets the system forget what was not taken. Does not block.
    void abort();

    /// The addresses of both ends, and the scheme, while it is open.
    Peers peers();

    /// Whether its bytes go through another connection, which counts them.
    default boolean isInner() {
        return false;
    }

    /// Whether who is at the other end is known: behind a proxy that does not say for whom it has
    /// connected, anybody may be.
    default boolean isClientKnown() {
        return true;
    }
}
