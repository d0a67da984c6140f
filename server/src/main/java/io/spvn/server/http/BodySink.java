package io.spvn.server.http;

/// Where the data of a request body goes, its framing taken off.
@FunctionalInterface
public interface BodySink {
    /// Takes a piece; the array stays the caller's.
    ///
    /// @throws HttpError when it is too much
    void data(byte[] buffer, int from, int length);
}
