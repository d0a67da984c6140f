package io.spvn.bridge.worker;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How what an app says is logged.
///
/// @param json whether what it says on its standard streams becomes objects of JSON
/// @param config a file for Python's `logging.config`, read before the app is imported; null for
///   none
public record AppLogging(boolean json, @Nullable Path config) {
    /// The app's own affair.
    public static final AppLogging DEFAULT = new AppLogging(false, null);
}
