package io.spvn.bridge.trial;

import io.spvn.bridge.worker.Trial.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What trials have found out about a Python, its environment and an app.
///
/// @param python what it says of itself, null when it does not run
/// @param uvloop the version of uvloop that it has, "" for one that does not tell, null for none
/// @param app how the app's import went, null when it was not tried
/// @param modules extension modules in the environment, null when they were not tried
/// @param refusals those that refuse sub-interpreters
/// @param loaded extension modules that the app has imported
/// @param verdict whether sub-interpreters are safe, null when that was not tried
/// @param failure what kept it from finding out more, null for nothing
public record Examination(
        @Nullable Python python,
        @Nullable String uvloop,
        @Nullable Import app,
        @Nullable Integer modules,
        List<Refusal> refusals,
        List<String> loaded,
        @Nullable Verdict verdict,
        @Nullable String failure) {
    public Examination {
        refusals = List.copyOf(refusals);
        loaded = List.copyOf(loaded);
    }

    /// A Python.
    ///
    /// @param executable its program
    /// @param version such as `3.13.0`
    /// @param threads whether it has a GIL, in words
    public record Python(String executable, String version, String threads) {}

    /// How an import went.
    ///
    /// @param done whether it succeeded
    /// @param message why not, one line
    /// @param traceback the app's, "" when it is not at fault
    public record Import(boolean done, String message, String traceback) {}

    /// An extension module that does not load in sub-interpreters.
    ///
    /// @param module its name
    /// @param own what it has against those with a GIL of their own, a verb and more
    /// @param shared what it has against those that share a GIL, "" for nothing
    public record Refusal(String module, String own, String shared) {}
}
