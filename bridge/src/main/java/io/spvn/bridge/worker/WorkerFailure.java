package io.spvn.bridge.worker;

/// The app could not be brought up. The message is one line for the user.
public final class WorkerFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String traceback;
    private final boolean appAtFault;

    public WorkerFailure(String message, String traceback, boolean appAtFault) {
        super(message);
        this.traceback = traceback;
        this.appAtFault = appAtFault;
    }

    /// Python traceback of the app, "" when there is none.
    public String traceback() {
        return traceback;
    }

    /// What the log is told: a line, and the traceback if there is one.
    ///
    /// @param prefix of the line
    public String report(String prefix) {
        String line = prefix + getMessage();
        return traceback.isBlank() ? line : line + "\n" + traceback.strip();
    }

    /// Whether the app or its target is at fault, rather than the environment.
    public boolean appAtFault() {
        return appAtFault;
    }
}
