package io.spvn.cli;

/// What is logged.
///
/// @param level the least level shown
/// @param internals whether Helidon's own records and Java stack traces are shown too
record LogSettings(LogLevel level, boolean internals) {}
