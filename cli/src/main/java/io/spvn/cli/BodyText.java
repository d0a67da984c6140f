package io.spvn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.spvn.loadtest.attack.Request;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// What `--body` stands for: the content of a file, or the text itself.
final class BodyText {
    private static final String FILE_MARK = "@";
    private static final Pattern PATH =
            Pattern.compile("[\\p{L}\\p{N}._~+/-]*/[\\p{L}\\p{N}._~+/-]*");

    private BodyText() {}

    static byte[] bytes(String text) {
        if (text.startsWith(FILE_MARK)) {
            return content(path(text.substring(FILE_MARK.length())));
        }
        return isFile(text) || PATH.matcher(text).matches()
                ? content(path(text))
                : text.getBytes(UTF_8);
    }

    private static boolean isFile(String text) {
        try {
            Path path = Path.of(text);
            return Files.exists(path) && !Files.isDirectory(path);
        } catch (InvalidPathException noNameOfAFile) {
            return false; // such as one beyond ASCII, in a locale without it
        }
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException noNameOfAFile) {
            throw new UsageError("--body: " + text + ": not the name of a file here");
        }
    }

    /// One byte more than is allowed is enough to know that there are too many.
    private static byte[] content(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(Request.MAX_BODY + 1);
        } catch (IOException e) {
            throw new UsageError("--body: " + file + ": " + IoReason.of(e));
        }
    }
}
