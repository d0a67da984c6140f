package io.spvn.server.http;

import io.spvn.bridge.asgi.Payload;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A body on its way through a coding, in pieces of bounded size. What has come can be had out of
/// it at any time, so that a client gets what the app has said. Used by one thread at a time, which
/// closes it: it holds memory of the system.
sealed interface Coder extends AutoCloseable permits Gzip, Zstd {
    /// The coding that a client likes best of those there are coders for; null for none.
    ///
    /// @param accepted what it likes best first
    static @Nullable ContentCoding choose(List<ContentCoding> accepted) {
        for (ContentCoding coding : accepted) {
            boolean has =
                    switch (coding) {
                        case BR -> false;
                        case ZSTD -> Zstd.isAvailable();
                        case GZIP -> true;
                    };
            if (has) {
                return coding;
            }
        }
        return null;
    }

    /// One for a coding that was chosen.
    ///
    /// @param length of all that it will be given, -1 where that is not known
    static Coder of(ContentCoding coding, long length) {
        return coding == ContentCoding.ZSTD ? new Zstd(length) : new Gzip();
    }

    /// How many bytes one holds, about.
    static int bytes(ContentCoding coding) {
        return coding == ContentCoding.ZSTD ? Zstd.BYTES : Gzip.BYTES;
    }

    /// Takes a piece in.
    ///
    /// @param more whether others follow it
    /// @param out gets what comes of it
    void put(Payload data, boolean more, Consumer<byte[]> out);

    @Override
    void close();
}
