package io.spvn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where commands write.
///
/// @param out standard output
/// @param err standard error
/// @param rewritable whether standard error is a terminal, on which a line can be written over
record Console(PrintWriter out, PrintWriter err, boolean rewritable) {
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    static Console ofProcess(Environment environment) {
        return new Console(
                new PrintWriter(System.out, true, UTF_8),
                new PrintWriter(System.err, true, UTF_8),
                isTerminal() && !"dumb".equals(environment.text(Environment.TERMINAL)));
    }

    /// Puts a report on standard output, all of it.
    void report(String text) {
        out.print(text);
        if (out.checkError()) {
            throw new MissingPart("the report cannot be written to standard output");
        }
    }

    /// Whether standard error is a terminal.
    static boolean isTerminal() {
        try {
            String file = Files.readSymbolicLink(STANDARD_ERROR).toString();
            return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty");
        } catch (IOException _) {
            return false; // not on Linux: plain lines are right everywhere
        }
    }
}
