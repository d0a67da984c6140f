package io.spvn.cli;

import io.spvn.server.process.OpenFiles;
import java.util.Locale;

/// The limit of open files, of which each connection is one.
final class FileLimit {
    private static final int RESERVE = 64;

    private FileLimit() {}

    /// Makes sure that so many connections can be open beside the files that the JVM needs.
    static void require(int connections) {
        OpenFiles.ofProcess().ifPresent(files -> require(connections, files));
    }

    private static void require(int connections, OpenFiles files) {
        long needed = connections + files.now() + RESERVE;
        if (needed > files.most()) {
            throw new MissingPart(
                    String.format(
                            Locale.ROOT,
                            "--connections %,d: needs %,d open files, and this process may"
                                    + " have %,d (see 'ulimit -n')",
                            connections,
                            needed,
                            files.most()));
        }
    }
}
