package io.spvn.loadtest.compare;

import java.io.IOException;
import java.time.Duration;

/// The unit in which Linux counts the CPU time of processes.
final class ClockTick {
    /// Of this machine.
    static final Duration LENGTH = Duration.ofSeconds(1).dividedBy(perSecond());

    private static final int USUAL = 100;

    private ClockTick() {}

    private static int perSecond() {
        try {
            Process asked = new ProcessBuilder("getconf", "CLK_TCK").start();
            try (var answer = asked.inputReader()) {
                return Integer.parseInt(String.valueOf(answer.readLine()));
            }
        } catch (IOException | NumberFormatException _) {
            return USUAL;
        }
    }
}
