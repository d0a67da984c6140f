package io.spvn.cli;

import io.spvn.bridge.worker.LifespanMode;
import java.util.Arrays;

/// Lets `-l` stand alone.
final class BareLifespan extends BareValue {
    BareLifespan() {
        super("on", BareLifespan::isMode);
    }

    private static boolean isMode(String word) {
        return Arrays.stream(LifespanMode.values())
                .anyMatch(mode -> mode.name().equalsIgnoreCase(word));
    }
}
