package io.spvn.server.http;

import io.spvn.bridge.asgi.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/// The format of gzip (RFC 1952).
final class Gzip implements Coder {
    /// What it holds, about: that of zlib, and its buffers.
    static final int BYTES = 300 * 1024;

    private static final int PIECE = 16 * 1024;

    /// Beyond it a lot of time saves few bytes.
    private static final int LEVEL = 5;

    private final ByteArrayOutputStream made = new ByteArrayOutputStream();
    private final Stream stream;

    Gzip() {
        try {
            stream = new Stream(made);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static final class Stream extends GZIPOutputStream {
        Stream(ByteArrayOutputStream out) throws IOException {
            super(out, PIECE, true);
            def.setLevel(LEVEL);
        }

        void end() {
            def.end();
        }
    }

    @Override
    public void put(Payload data, boolean more, Consumer<byte[]> out) {
        byte[] piece = new byte[(int) Math.min(PIECE, data.length())];
        try {
            for (long done = 0; done < data.length(); done += piece.length) {
                int count = (int) Math.min(piece.length, data.length() - done);
                data.copyTo(done, piece, 0, count);
                stream.write(piece, 0, count);
                if (made.size() >= PIECE) {
                    pass(out);
                }
            }
            if (more) {
                stream.flush();
            } else {
                stream.finish();
            }
            pass(out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private void pass(Consumer<byte[]> out) {
        if (made.size() > 0) {
            byte[] bytes = made.toByteArray();
            made.reset();
            out.accept(bytes);
        }
    }

    @Override
    public void close() {
        stream.end();
    }
}
