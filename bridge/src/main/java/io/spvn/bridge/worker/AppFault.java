package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.Exchange;

/// What goes with a record of the log about the app's failure, in parts for who writes them apart.
/// It has no stack trace of Java's. Never thrown.
@SuppressWarnings("serial") // it goes nowhere
public final class AppFault extends Exception {
    private final String traceback;
    private final String method;
    private final String path;
    private final String requestId;

    private AppFault(String traceback, String method, String path, String requestId) {
        super(traceback, null, false, false);
        this.traceback = traceback;
        this.method = method;
        this.path = path;
        this.requestId = requestId;
    }

    /// Of no request.
    ///
    /// @param traceback Python's; "" for none
    public static AppFault of(String traceback) {
        return new AppFault(traceback, "", "", "");
    }

    static AppFault of(Exchange exchange, String traceback) {
        return new AppFault(traceback, exchange.method(), exchange.path(), exchange.requestId());
    }

    /// Python's, "" for none.
    public String traceback() {
        return traceback;
    }

    /// Of the request, "" for none.
    public String method() {
        return method;
    }

    /// Of the request as it was sent, printable; "" for none.
    public String path() {
        return path;
    }

    /// By which the request is known elsewhere; "" for none.
    public String requestId() {
        return requestId;
    }
}
