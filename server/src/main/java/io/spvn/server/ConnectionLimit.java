package io.spvn.server;

import io.spvn.server.process.OpenFiles;
import java.util.Optional;

/// How many connections may be open.
final class ConnectionLimit {
    /// Descriptors that are not connections: listeners, jars, the app's own files and sockets.
    private static final int RESERVED_FILES = 512;

    private static final int LEAST_BY_FILES = 64;
    private static final int MOST_BY_FILES = 1_000_000;

    /// Where the system does not tell how many files may be open.
    private static final int UNKNOWN_FILES = 4096;

    private ConnectionLimit() {}

    /// As many as were asked for; else as many as there is room for in the heap, and fewer than
    /// there are descriptors.
    ///
    /// @param asked 0 for nothing
    /// @param roomInHeap for connections
    static int of(int asked, long roomInHeap, Optional<OpenFiles> files) {
        return asked > 0 ? asked : (int) Math.min(roomInHeap, byFiles(files));
    }

    private static int byFiles(Optional<OpenFiles> files) {
        return files.map(OpenFiles::most)
                .map(most -> Math.clamp(most - RESERVED_FILES, LEAST_BY_FILES, MOST_BY_FILES))
                .orElse(UNKNOWN_FILES);
    }
}
