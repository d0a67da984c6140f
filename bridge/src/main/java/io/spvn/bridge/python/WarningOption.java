package io.spvn.bridge.python;

import io.spvn.bridge.foreign.Words;
import java.lang.foreign.Arena;
import java.util.Objects;

/// Lets Jep start where warnings are errors: it makes a type for which Python has a
/// DeprecationWarning, and nothing else can tell Python so before Jep does that.
///
/// `spvn_bridge.warned` takes the option out of the environment again, before it imports the app.
final class WarningOption {
    private static final String VARIABLE = "PYTHONWARNINGS";
    private static final String OPTION = "ignore:builtin type PyJType:DeprecationWarning";

    private WarningOption() {}

    /// Adds the option, where the environment asks for warnings. To be called before Python starts,
    /// while no other thread looks at the C library's environment.
    static void add() {
        String asked = value(VARIABLE);
        if (!asked.isEmpty()) {
            set(asked + "," + OPTION);
        } else if (!value("PYTHONDEVMODE").isEmpty()) {
            set(OPTION);
        }
    }

    private static String value(String variable) {
        return Objects.requireNonNullElse(System.getenv(variable), "");
    }

    private static void set(String value) {
        try (Arena arena = Arena.ofConfined()) {
            long _ =
                    (long)
                            Words.call(3)
                                    .invokeExact(
                                            Words.ofC("setenv"),
                                            arena.allocateFrom(VARIABLE).address(),
                                            arena.allocateFrom(value).address(),
                                            1L);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
