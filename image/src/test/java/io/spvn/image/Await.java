package io.spvn.image;

import java.time.Duration;

/// Waits for what comes in its own time.
final class Await {
    private static final long STEP_MILLIS = 50;

    /// What is waited for.
    @FunctionalInterface
    interface Condition {
        boolean holds() throws Exception;
    }

    private Await() {}

    /// Whether it came in time.
    static boolean until(Duration limit, Condition condition) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (!condition.holds()) {
                if (System.nanoTime() - end > 0) {
                    return false;
                }
                Thread.sleep(STEP_MILLIS);
            }
            return true;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
