package io.spvn.bridge.worker;

/// Tries whether the app and its environment suit sub-interpreters, where nothing that comes of it
/// can harm the server.
@FunctionalInterface
public interface Trial {
    /// Asked once, when there is a choice. Takes seconds at most.
    Verdict ask() throws InterruptedException;

    /// What came of it.
    ///
    /// @param safe whether nothing speaks against sub-interpreters
    /// @param reason why, or why not, in words that follow a colon
    record Verdict(boolean safe, String reason) {}
}
