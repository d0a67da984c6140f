package io.spvn.bridge.python;

import org.jspecify.annotations.Nullable;

/// Thrown in a host function to raise a Python exception in its caller: either a new one of `type`
/// with a message, or the one that is already pending after a C API call.
public final class PythonException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final long PENDING = 0;
    private static final long LAST_RESORT = CPython.constant("spvn: internal error");

    private final long type;

    /// @param type borrowed reference to an exception class that outlives the call
    public PythonException(long type, String message) {
        super(message, null, false, false);
        this.type = type;
    }

    private PythonException() {
        this(PENDING, "a Python exception is pending");
    }

    /// The exception that a C API call has just set.
    public static PythonException pending() {
        return new PythonException();
    }

    /// Turns `thrown` into the pending exception of the running interpreter. Throws nothing itself,
    /// for its caller is an upcall.
    ///
    /// @return 0, which is what a C function returns with it
    static long raise(Throwable thrown) {
        try {
            set(thrown);
        } catch (Throwable outOfOrder) {
            CPython.errSetString(CPython.SYSTEM_ERROR, LAST_RESORT);
        }
        return 0;
    }

    private static void set(Throwable thrown) {
        if (thrown instanceof PythonException python) {
            if (python.type != PENDING) {
                CPython.raise(python.type, text(python));
            }
        } else if (thrown instanceof IllegalArgumentException) {
            CPython.raise(CPython.VALUE_ERROR, text(thrown));
        } else {
            CPython.raise(CPython.SYSTEM_ERROR, "spvn: internal error: " + thrown);
            System.getLogger(PythonException.class.getName())
                    .log(System.Logger.Level.ERROR, "internal error in a host function", thrown);
        }
    }

    private static String text(Throwable thrown) {
        @Nullable String message = thrown.getMessage();
        return message == null ? "" : message;
    }
}
