package io.spvn.cli;

/// What is logged, from options.
final class LogReader {
    private final LogOptions options;

    LogReader(LogOptions options) {
        this.options = options;
    }

    LogSettings settings() {
        int verbosity = options.verbose.length;
        LogLevel level = Resolve.or(options.level, LogLevel.ofVerbosity(verbosity));
        return new LogSettings(level, verbosity > 1);
    }
}
