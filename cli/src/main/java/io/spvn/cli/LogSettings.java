package io.spvn.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What is logged, how and where.
///
/// @param level the least level shown
/// @param stackTraces whether it is shown where internal errors come from
/// @param style of a record
/// @param colors whether a level has a color
/// @param file where records go, null for standard error
record LogSettings(
        LogLevel level, boolean stackTraces, LogStyle style, boolean colors, @Nullable Path file) {
    /// Of a command that is no server: for the person who has typed it.
    LogSettings forPeople() {
        return new LogSettings(level, stackTraces, LogStyle.TEXT, colors, null);
    }
}
