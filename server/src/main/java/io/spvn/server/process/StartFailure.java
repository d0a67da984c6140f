package io.spvn.server.process;

/// The server cannot start. The message is one line that says what, where and what to do.
public final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// The app could not be imported or started.
    public static final int APP = 3;

    /// An address cannot be bound, or the environment cannot run Python.
    public static final int ENVIRONMENT = 4;

    private final int exitCode;
    private final String detail;

    public StartFailure(int exitCode, String message, String detail) {
        super(message);
        this.exitCode = exitCode;
        this.detail = detail;
    }

    public int exitCode() {
        return exitCode;
    }

    /// Traceback of the app, "" when it is not at fault.
    public String detail() {
        return detail;
    }
}
