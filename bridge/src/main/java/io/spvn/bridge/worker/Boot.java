package io.spvn.bridge.worker;

/// How a worker ended or why it did not begin.
///
/// @param message one line for the user
/// @param traceback the app's traceback, "" when the app is not at fault
/// @param module the module that refused the interpreter, "" when none did
public record Boot(Outcome outcome, String message, String traceback, String module) {
    public enum Outcome {
        STOPPED,
        /// The target could not be imported.
        IMPORT,
        /// Something the app imports does not work in a sub-interpreter.
        REFUSED,
        /// The app's lifespan start-up failed.
        STARTUP,
        /// The environment lacks what an option asks for.
        MISSING,
        /// The process that ran the app has ended by itself, with an exit code.
        EXITED,
        /// The worker itself failed.
        FAILED
    }

    /// One of a worker that failed by itself.
    public static Boot failed(String message) {
        return new Boot(Outcome.FAILED, message, "", "");
    }

    /// What the Python side calls it.
    public static Outcome outcome(String name) {
        return switch (name) {
            case "stopped" -> Outcome.STOPPED;
            case "import" -> Outcome.IMPORT;
            case "refused" -> Outcome.REFUSED;
            case "startup" -> Outcome.STARTUP;
            case "missing" -> Outcome.MISSING;
            default -> Outcome.FAILED;
        };
    }
}
