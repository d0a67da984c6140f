package io.spvn.cli;

import org.jspecify.annotations.Nullable;

/// What is logged, from options, and from what the environment says of terminals.
final class LogReader {
    private static final String NO_COLOR = "NO_COLOR";
    private static final String FORCE_COLOR = "FORCE_COLOR";

    private final LogOptions options;
    private final Environment environment;
    private final boolean terminal;

    /// @param terminal whether standard error is one
    LogReader(LogOptions options, Environment environment, boolean terminal) {
        this.options = options;
        this.environment = environment;
        this.terminal = terminal;
    }

    LogSettings settings() {
        int verbosity = options.verbose.length;
        LogLevel level = Resolve.or(options.level, LogLevel.ofVerbosity(verbosity));
        return new LogSettings(level, verbosity > 1, options.style(), colors(), options.file());
    }

    /// As others do it: https://no-color.org and https://force-color.org.
    private boolean colors() {
        Boolean asked = options.colors;
        if (asked != null) {
            return asked;
        }
        if (options.file() != null || isSet(NO_COLOR)) {
            return false;
        }
        return isSet(FORCE_COLOR)
                || (terminal && !"dumb".equals(environment.text(Environment.TERMINAL)));
    }

    private boolean isSet(String name) {
        @Nullable String value = environment.text(name);
        return value != null && !(name.equals(FORCE_COLOR) && value.equals("0"));
    }
}
