package io.spvn.server.tls;

import java.nio.file.Path;

/// Certificates or their keys cannot be used. The message is one line: what, where and what to do.
public final class TlsFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TlsFailure(String message) {
        super(message, null, false, false);
    }

    /// A file cannot be used.
    static TlsFailure of(Path file, String reason) {
        return new TlsFailure(file + ": " + reason);
    }
}
