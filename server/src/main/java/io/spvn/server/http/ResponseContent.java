package io.spvn.server.http;

/// Which responses have content, and what length they may tell of it (RFC 9110 6.4.1, 8.6).
public final class ResponseContent {
    private static final int RESET_CONTENT = 205;

    private ResponseContent() {}

    /// Whether no body may follow the head, whatever the head says of one.
    ///
    /// @param head whether it answers HEAD
    public static boolean isSilent(boolean head, int status) {
        return head || tellsNoLength(status) || status == RESET_CONTENT || status == 304;
    }

    /// Whether not even a length may be told.
    public static boolean tellsNoLength(int status) {
        return status < 200 || status == 204;
    }

    /// The length to tell of a response that may tell one, -1 for none. 205 has an empty body by
    /// definition (RFC 9110 15.3.6).
    ///
    /// @param declared by the app, -1 for nothing
    /// @param known of the body that the app has sent, -1 while it goes on
    public static long length(boolean head, int status, long declared, long known) {
        if (status == RESET_CONTENT) {
            return 0;
        }
        return declared >= 0 || isLengthOpen(head, status, known) ? declared : known;
    }

    /// Whether the length of the body that the app has sent says nothing: where it sends none
    /// because there is to be none, that is not the length that GET would have had (RFC 9110 8.6).
    public static boolean isLengthOpen(boolean head, int status, long known) {
        return status == 304 || (head && known == 0);
    }
}
