package io.spvn.cli;

import org.jspecify.annotations.Nullable;

/// What is logged, from options and environment.
final class LogReader {
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
        int verbosity = verbosity();
        LogLevel level = Resolve.or(options.level, LogLevel.ofVerbosity(verbosity));
        return new LogSettings(
                level,
                verbosity > 1,
                options.style(environment),
                colors(),
                options.file(environment));
    }

    /// As others do it: https://no-color.org and https://force-color.org.
    private boolean colors() {
        Boolean asked = environment.orValue(options.colors, Environment.COLORS, Syntax::flag);
        if (asked != null) {
            return asked;
        }
        if (options.file(environment) != null || isSet(Environment.NO_COLOR)) {
            return false;
        }
        return isSet(Environment.FORCE_COLOR)
                || (terminal && !"dumb".equals(environment.text(Environment.TERMINAL)));
    }

    private boolean isSet(String name) {
        @Nullable String value = environment.text(name);
        return value != null && !(name.equals(Environment.FORCE_COLOR) && value.equals("0"));
    }

    private int verbosity() {
        int given = options.verbose.length;
        if (given > 0) {
            return given;
        }
        return Resolve.or(environment.value(Environment.VERBOSITY, Syntax::verbosity), 0);
    }
}
