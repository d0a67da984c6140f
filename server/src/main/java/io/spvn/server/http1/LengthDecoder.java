package io.spvn.server.http1;

import io.spvn.server.http.BodySink;

/// A body of a length known in advance (RFC 9112 section 6.2). The reader's thread only.
final class LengthDecoder implements BodyDecoder {
    private long left;

    LengthDecoder(long length) {
        left = length;
    }

    @Override
    public int decode(byte[] buffer, int from, int to, BodySink sink) {
        int count = (int) Math.min(left, to - from);
        if (count > 0) {
            left -= count;
            sink.data(buffer, from, count);
        }
        return from + count;
    }

    @Override
    public boolean done() {
        return left == 0;
    }
}
