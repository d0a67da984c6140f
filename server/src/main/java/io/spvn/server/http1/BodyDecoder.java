package io.spvn.server.http1;

import io.spvn.server.http.BodySink;

/// Takes a request's body out of the bytes of a connection.
sealed interface BodyDecoder permits ChunkedDecoder, LengthDecoder {
    /// Hands what there is of the body to `sink`.
    ///
    /// @return the index of the first byte that was not consumed
    /// @throws HttpError when the framing is broken
    int decode(byte[] buffer, int from, int to, BodySink sink);

    /// Whether the body is complete.
    boolean done();
}
