package io.spvn.loadtest.attack;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What cannot be is refused with a line that says so.
final class Refused {
    private Refused() {}

    /// @param part of the line
    static void assertRefused(String part, Runnable making) {
        String message =
                String.valueOf(
                        assertThrows(IllegalArgumentException.class, making::run).getMessage());
        assertTrue(message.contains(part), message);
    }
}
