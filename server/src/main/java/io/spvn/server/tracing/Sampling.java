package io.spvn.server.tracing;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which requests have spans.
///
/// @param byParent whether those whose caller says so, and of the others a part; else a part of all
/// @param ratio of that part, from 0 to 1
public record Sampling(boolean byParent, double ratio) {
    /// What OpenTelemetry does where nothing is said.
    public static final Sampling DEFAULT = new Sampling(true, 1);

    private static final String BY_PARENT = "parentbased_";

    public Sampling {
        if (!(ratio >= 0 && ratio <= 1)) {
            throw new IllegalArgumentException("must be a number from 0 to 1, not " + ratio);
        }
    }

    /// One that OpenTelemetry has a name for, null where there is none of this name.
    ///
    /// @param ratio for those that want one
    public static @Nullable Sampling of(String name, double ratio) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean byParent = lower.startsWith(BY_PARENT);
        return switch (byParent ? lower.substring(BY_PARENT.length()) : lower) {
            case "always_on" -> new Sampling(byParent, 1);
            case "always_off" -> new Sampling(byParent, 0);
            case "traceidratio" -> new Sampling(byParent, ratio);
            default -> null;
        };
    }

    /// For the log.
    @Override
    public String toString() {
        String part = ratio == 1 ? "all" : "a part of %s".formatted(ratio);
        return byParent ? "as callers say, else " + part : part;
    }
}
