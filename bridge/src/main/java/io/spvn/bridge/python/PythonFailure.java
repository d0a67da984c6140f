package io.spvn.bridge.python;

/// The environment cannot run Python: library missing, Jep missing or of another version, runtime
/// refused to start. The message is one line for the user.
public final class PythonFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PythonFailure(String message) {
        super(message);
    }

    public PythonFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
