package io.spvn.server.access;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How requests are logged.
///
/// @param format of a line, for [AccessFormat#of]
/// @param file where lines go, null for standard output
public record AccessSettings(String format, @Nullable Path file) {
    public static final String DEFAULT_FORMAT = AccessFormat.COMBINED;

    public AccessSettings {
        AccessFormat _ = AccessFormat.of(format);
    }
}
