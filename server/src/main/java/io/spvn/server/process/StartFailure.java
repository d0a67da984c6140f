package io.spvn.server.process;

/// The server cannot start. The message is one line that says what, where and what to do. What exit
/// code the process has for it is for whoever ends the process.
public final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Where the reason lies.
    public enum Fault {
        /// An option asks for what there is not.
        OPTIONS,
        /// The app could not be imported or started.
        APP,
        /// An address cannot be bound, or the system refuses or lacks something else.
        ENVIRONMENT
    }

    private final Fault fault;
    private final String detail;

    /// @param detail traceback of the app, or ""
    public StartFailure(Fault fault, String message, String detail) {
        super(message);
        this.fault = fault;
        this.detail = detail;
    }

    public static StartFailure ofOptions(String message) {
        return new StartFailure(Fault.OPTIONS, message, "");
    }

    public static StartFailure ofEnvironment(String message) {
        return new StartFailure(Fault.ENVIRONMENT, message, "");
    }

    public Fault fault() {
        return fault;
    }

    /// Traceback of the app, "" when it is not at fault.
    public String detail() {
        return detail;
    }
}
