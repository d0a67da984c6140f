package io.spvn.cli;

/// What is logged.
///
/// @param level the least level shown
/// @param stackTraces whether it is shown where internal errors come from
record LogSettings(LogLevel level, boolean stackTraces) {}
