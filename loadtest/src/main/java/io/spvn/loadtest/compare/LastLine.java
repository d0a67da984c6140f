package io.spvn.loadtest.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The end of what a process has written.
final class LastLine {
    private static final int MOST = 300;

    private LastLine() {}

    /// The last line that is not blank.
    static String of(Path file) {
        try (Stream<String> lines = new String(Files.readAllBytes(file), UTF_8).lines()) {
            String last =
                    lines.map(String::strip)
                            .filter(line -> !line.isEmpty())
                            .reduce((_, line) -> line)
                            .orElse("it said nothing");
            return last.length() > MOST ? last.substring(0, MOST) + "..." : last;
        } catch (IOException _) {
            return "it said nothing";
        }
    }
}
