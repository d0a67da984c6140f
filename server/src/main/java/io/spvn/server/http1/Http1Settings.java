package io.spvn.server.http1;

import io.spvn.server.http.Compression;
import io.spvn.server.http.ResponseDefaults;
import org.jspecify.annotations.Nullable;

/// What HTTP/1.1 connections allow their clients.
///
/// @param maxLine bytes of a request line at most
/// @param maxHead bytes of a whole head, request line included, at most
/// @param maxFields header fields of a request at most
/// @param maxBody bytes of a request's body at most
/// @param transportSecurity for how many seconds browsers are told to come back with encryption
///   only; 0: they are not
/// @param requestIds whether each request gets an id
/// @param responses header fields that the server adds
/// @param compression of responses, null for none
public record Http1Settings(
        int maxLine,
        int maxHead,
        int maxFields,
        long maxBody,
        long transportSecurity,
        boolean requestIds,
        ResponseDefaults responses,
        @Nullable Compression compression) {
    private static final int LINE = 16 * 1024;
    private static final int HEAD = 64 * 1024;
    private static final int FIELDS = 128;

    /// @param maxBody bytes of a request's body at most; 0: any number
    public Http1Settings(long maxBody) {
        this(maxBody, 0, false, ResponseDefaults.DEFAULT, null);
    }

    /// @param maxBody bytes of a request's body at most; 0: any number
    /// @param transportSecurity in seconds; 0: nothing is said
    /// @param requestIds whether each request gets an id
    /// @param responses header fields that the server adds
    /// @param compression null for none
    public Http1Settings(
            long maxBody,
            long transportSecurity,
            boolean requestIds,
            ResponseDefaults responses,
            @Nullable Compression compression) {
        this(
                LINE,
                HEAD,
                FIELDS,
                maxBody == 0 ? Long.MAX_VALUE : maxBody,
                transportSecurity,
                requestIds,
                responses,
                compression);
    }
}
