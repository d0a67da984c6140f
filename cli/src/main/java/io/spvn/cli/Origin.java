package io.spvn.cli;

/// Where the value of an option comes from.
///
/// @param level which of two values counts
/// @param name as messages say it: `--workers`, `SPVN_N_THREADS`, `spvn.toml: workers`
record Origin(Level level, String name) {
    /// In the order in which they count, the last one most.
    enum Level {
        FILE,
        ENVIRONMENT,
        COMMAND_LINE
    }

    boolean outranks(Level other) {
        return level.compareTo(other) > 0;
    }
}
