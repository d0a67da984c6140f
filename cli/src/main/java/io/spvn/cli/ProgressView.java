package io.spvn.cli;

import io.spvn.loadtest.attack.Progress;
import io.spvn.loadtest.report.ProgressLine;
import java.util.function.Consumer;

/// How an attack is getting on, on standard error: one line that is written over where that can be
/// done, else one line after the other.
final class ProgressView implements Consumer<Progress>, AutoCloseable {
    // ECMA-48: to the first column, erase to the end of the line; xterm: long lines are cut off.
    private static final String CLEAR = "\r\u001b[K";
    private static final String WITHOUT_WRAP = "\u001b[?7l";
    private static final String WITH_WRAP = "\u001b[?7h";

    private final Console console;

    ProgressView(Console console) {
        this.console = console;
    }

    @Override
    public void accept(Progress progress) {
        String line = ProgressLine.of(progress);
        if (console.rewritable()) {
            console.err().print(CLEAR + WITHOUT_WRAP + line + WITH_WRAP);
            console.err().flush();
        } else {
            console.err().println(line);
        }
    }

    /// Leaves nothing behind on the line that was written over.
    @Override
    public void close() {
        if (console.rewritable()) {
            console.err().print(CLEAR);
            console.err().flush();
        }
    }
}
