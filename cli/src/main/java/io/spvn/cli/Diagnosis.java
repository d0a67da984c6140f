package io.spvn.cli;

import io.spvn.bridge.trial.Examination;
import io.spvn.bridge.worker.AppRef;
import io.spvn.bridge.worker.IsolationChoice;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that `doctor` finds out.
///
/// @param home the checkout
/// @param machine what the process may use
/// @param library libpython
/// @param support where Jep is
/// @param jep its version, null where it is not there
/// @param python what the Python says of itself, its environment and the app
/// @param app which app was meant, null for none
/// @param one what one worker would run the app in, null when that was not asked or found out
/// @param more what several would
/// @param missing what apps cannot be served without, a line each
record Diagnosis(
        Path home,
        Machine machine,
        Path library,
        Path support,
        @Nullable String jep,
        Examination python,
        @Nullable AppRef app,
        @Nullable IsolationChoice one,
        @Nullable IsolationChoice more,
        List<String> missing) {
    Diagnosis {
        missing = List.copyOf(missing);
    }
}
