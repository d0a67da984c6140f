package io.spvn.bridge.asgi;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Bytes of an open file, which the system can send without a copy of them in this process.
///
/// The length is a promise of the moment when it was made: a file that has become shorter meanwhile
/// is an error when it is read, and what a file has grown by is not seen.
///
/// Ranges of one file share its channel, which none of them moves. The last that is released closes
/// it; until then it is theirs.
public final class FileRange implements Payload {
    /// Where the system shows the descriptors of this process as files.
    private static final Path DESCRIPTORS =
            Path.of(Files.isDirectory(Path.of("/proc/self/fd")) ? "/proc/self/fd" : "/dev/fd");

    private final FileChannel channel;
    private final AtomicInteger holders;
    private final long position;
    private final long count;

    /// Opens a regular file, of which so many bytes are sent.
    ///
    /// @throws IOException when it cannot be opened, or is none
    public static FileRange of(Path file, long count) throws IOException {
        if (count < 0) {
            throw new IllegalArgumentException("no length: " + count);
        }
        if (!Files.isRegularFile(file)) { // a pipe would wait for another end
            throw new NoSuchFileException(file.toString(), null, "no regular file");
        }
        return new FileRange(FileChannel.open(file, StandardOpenOption.READ), 0, count);
    }

    /// Opens what a descriptor of this process refers to, once more: what becomes of the descriptor
    /// does not matter to it.
    ///
    /// @param position of the first byte
    /// @throws IOException when it may not be opened by this process
    public static FileRange of(int descriptor, long position, long count) throws IOException {
        Path name = DESCRIPTORS.resolve(Integer.toString(descriptor));
        return new FileRange(FileChannel.open(name, StandardOpenOption.READ), position, count);
    }

    /// Takes over `channel`.
    public FileRange(FileChannel channel, long position, long count) {
        this(channel, new AtomicInteger(1), position, count);
    }

    private FileRange(FileChannel channel, AtomicInteger holders, long position, long count) {
        this.channel = Objects.requireNonNull(channel, "channel is null");
        this.holders = holders;
        this.position = position;
        this.count = count;
        if (position < 0 || count < 0) {
            throw new IllegalArgumentException("no range: " + position + ", " + count);
        }
    }

    /// Another range of the same file, to be released by itself.
    ///
    /// @param from the first byte, counted from the beginning of the file
    public FileRange another(long from, long length) {
        FileRange made = new FileRange(channel, holders, from, length);
        holders.incrementAndGet();
        return made;
    }

    /// The same range, to be released by itself; null when all were released.
    public @Nullable FileRange share() {
        int held = holders.get();
        while (held > 0 && !holders.compareAndSet(held, held + 1)) {
            held = holders.get();
        }
        return held > 0 ? new FileRange(channel, holders, position, count) : null;
    }

    @Override
    public long length() {
        return count;
    }

    @Override
    public void copyTo(long from, byte[] target, int at, int length) {
        ByteBuffer room = ByteBuffer.wrap(target, at, length);
        try {
            while (room.hasRemaining()) {
                if (channel.read(room, position + from + room.position() - at) < 0) {
                    throw new EOFException("the file has become shorter");
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Passes some of its bytes on, without a copy of them where the system can do so.
    ///
    /// @return how many; 0 when `target` takes none without waiting, or the file has no more
    public long transferTo(long from, long length, WritableByteChannel target) throws IOException {
        Objects.checkFromIndexSize(from, length, count);
        return channel.transferTo(position + from, length, target);
    }

    @Override
    public int heapBytes() {
        return 0;
    }

    @Override
    public void release() {
        if (holders.decrementAndGet() == 0) {
            try {
                channel.close();
            } catch (IOException failure) {
                System.getLogger(FileRange.class.getName())
                        .log(System.Logger.Level.DEBUG, "a file was not closed", failure);
            }
        }
    }
}
