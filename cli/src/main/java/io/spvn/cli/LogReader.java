package io.spvn.cli;

/// What is logged, from options and environment.
final class LogReader {
    private final LogOptions options;
    private final Environment environment;

    LogReader(LogOptions options, Environment environment) {
        this.options = options;
        this.environment = environment;
    }

    LogSettings settings() {
        int verbosity = verbosity();
        LogLevel level = Resolve.or(options.level, LogLevel.ofVerbosity(verbosity));
        return new LogSettings(level, verbosity > 1);
    }

    private int verbosity() {
        int given = options.verbose.length;
        if (given > 0) {
            return given;
        }
        return Resolve.or(environment.value(Environment.VERBOSITY, Syntax::verbosity), 0);
    }
}
