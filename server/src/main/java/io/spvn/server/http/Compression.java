package io.spvn.server.http;

/// Which responses are compressed on their way, beside what their fields say of it.
///
/// @param least bytes of a body whose length is known
public record Compression(long least) {
    /// Less than this hardly becomes shorter.
    public static final long LEAST = 500;

    public Compression {
        if (least < 0) {
            throw new IllegalArgumentException("least must be at least 0, not " + least);
        }
    }
}
