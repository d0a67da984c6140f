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

    /// Whether the app or its target is at fault, rather than the environment.
    public boolean appAtFault() {
        return appAtFault;
    }
}
