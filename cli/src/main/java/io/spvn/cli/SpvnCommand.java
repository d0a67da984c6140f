package io.spvn.cli;

/// A command and its options as they were written.
sealed interface SpvnCommand
        permits RootCommand,
                ServeCommand,
                DoctorCommand,
                LoadtestCommand,
                AttackCommand,
                CompareCommand,
                CompletionCommand {
    /// What it says about the log.
    default LogOptions log() {
        return new LogOptions();
    }
}
