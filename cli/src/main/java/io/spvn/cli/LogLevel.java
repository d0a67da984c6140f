package io.spvn.cli;

import java.util.logging.Level;

/// The levels of `--log-level`.
enum LogLevel {
    ERROR,
    WARNING,
    INFO,
    DEBUG,
    TRACE;

    /// Records below it are not shown.
    Level threshold() {
        return switch (this) {
            case ERROR -> Level.SEVERE;
            case WARNING -> Level.WARNING;
            case INFO -> Level.INFO;
            case DEBUG -> Level.FINE;
            case TRACE -> Level.ALL;
        };
    }

    /// The level that `-v` asks for, by how often it was given.
    static LogLevel ofVerbosity(int verbosity) {
        return switch (verbosity) {
            case 0 -> INFO;
            case 1 -> DEBUG;
            default -> TRACE;
        };
    }
}
