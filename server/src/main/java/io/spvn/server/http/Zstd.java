package io.spvn.server.http;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.util.Native;
import io.spvn.bridge.asgi.Payload;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/// Zstandard (RFC 8878), whose native library is loaded for the first client that takes it.
final class Zstd implements Coder {
    /// What it holds, about: a window of what has been, its tables, and its buffers.
    static final int BYTES = 1024 * 1024;

    private static final int PIECE = 16 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /// About as small as gzip makes it, in a fourth of the time.
    private static final int LEVEL = 3;

    // Less than those of the level, which are for one body at a time, not for each of many clients.
    private static final int WINDOW_LOG = 17;
    private static final int TABLES_LOG = 16;

    private final ZstdCompressCtx context = new ZstdCompressCtx();
    private final byte[] made = new byte[PIECE];
    private final ByteBuffer to = ByteBuffer.wrap(made);

    /// @param length of all that it will be given, -1 where that is not known
    Zstd(long length) {
        context.setLevel(LEVEL)
                .setWindowLog(WINDOW_LOG)
                .setHashLog(TABLES_LOG)
                .setChainLog(TABLES_LOG);
        if (length >= 0) {
            context.setPledgedSrcSize(length);
        }
    }

    /// Whether this system has what it needs.
    static boolean isAvailable() {
        return Library.LOADED;
    }

    /// Loaded when it is asked for first.
    private static final class Library {
        private static final boolean LOADED = load();

        private static boolean load() {
            try {
                Native.load();
                return true;
            } catch (LinkageError | RuntimeException unusable) {
                System.getLogger(Zstd.class.getName())
                        .log(
                                System.Logger.Level.WARNING,
                                "responses are compressed with gzip alone: the library of zstd"
                                        + " cannot be loaded from a file in %s: %s"
                                                .formatted(
                                                        System.getProperty("java.io.tmpdir"),
                                                        unusable.getMessage()));
                return false;
            }
        }
    }

    @Override
    public void put(Payload data, boolean more, Consumer<byte[]> out) {
        byte[] piece = new byte[(int) Math.min(PIECE, data.length())];
        for (long done = 0; done < data.length(); done += piece.length) {
            int count = (int) Math.min(piece.length, data.length() - done);
            data.copyTo(done, piece, 0, count);
            ByteBuffer from = ByteBuffer.wrap(piece, 0, count);
            while (from.hasRemaining()) {
                boolean _ = step(from, EndDirective.CONTINUE, out);
            }
        }
        EndDirective last = more ? EndDirective.FLUSH : EndDirective.END;
        boolean complete = false;
        while (!complete) {
            complete = step(NOTHING.duplicate(), last, out);
        }
        pass(out);
    }

    /// @return whether nothing is left inside
    private boolean step(ByteBuffer from, EndDirective how, Consumer<byte[]> out) {
        boolean complete = context.compressByteBufferStream(to, from, how);
        if (!to.hasRemaining()) {
            pass(out);
        }
        return complete;
    }

    private void pass(Consumer<byte[]> out) {
        if (to.position() > 0) {
            out.accept(Arrays.copyOf(made, to.position()));
            to.clear();
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
