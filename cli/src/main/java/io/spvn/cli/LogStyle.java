package io.spvn.cli;

/// How a record is written: the choices of `--log-format`.
enum LogStyle {
    /// For people.
    TEXT,

    /// For programs: an object a line.
    JSON
}
