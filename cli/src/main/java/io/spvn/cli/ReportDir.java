package io.spvn.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The directory of `--out`.
///
/// @param path of a directory that files can be made in
record ReportDir(Path path) {
    /// Makes the directory, and finds out whether reports can be written there.
    static ReportDir open(Path path) {
        try {
            Files.createDirectories(path);
            Files.delete(Files.createTempFile(path, "spvn", ".tmp"));
            return new ReportDir(path);
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    /// Writes a file, in place of one that is there.
    void write(String name, String text) {
        try {
            Files.writeString(path.resolve(name), text);
        } catch (IOException e) {
            throw failure(path.resolve(name), e);
        }
    }

    private static MissingPart failure(Path path, IOException reason) {
        return new MissingPart("--out: cannot write to " + path + ": " + IoReason.of(reason));
    }
}
