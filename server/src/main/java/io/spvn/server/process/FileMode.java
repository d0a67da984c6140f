package io.spvn.server.process;

import org.jspecify.annotations.Nullable;

/// Permissions of files as the system has them, nine bits.
public final class FileMode {
    /// All of them.
    public static final int ALL = 0777;

    private FileMode() {}

    /// Refuses what are no permissions.
    ///
    /// @param name of what has them
    /// @param mode null for none
    /// @throws IllegalArgumentException when there are other bits
    public static void require(String name, @Nullable Integer mode) {
        if (mode != null && (mode < 0 || mode > ALL)) {
            throw new IllegalArgumentException(name + " must be within 000-777");
        }
    }
}
