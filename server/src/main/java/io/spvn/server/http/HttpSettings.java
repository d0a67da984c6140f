package io.spvn.server.http;

import org.jspecify.annotations.Nullable;

/// What connections allow their clients, and what their responses get, in every version of HTTP.
///
/// @param maxHead bytes of a head at most: request line included, or as
///   SETTINGS_MAX_HEADER_LIST_SIZE counts
/// @param maxFields header fields of a request at most
/// @param maxBody bytes of a request's body at most
/// @param transportSecurity for how many seconds browsers are told to come back with encryption
///   only; 0: they are not
/// @param requestIds whether each request gets an id
/// @param responses header fields that the server adds
/// @param compression of responses, null for none
public record HttpSettings(
        int maxHead,
        int maxFields,
        long maxBody,
        long transportSecurity,
        boolean requestIds,
        ResponseDefaults responses,
        @Nullable Compression compression) {
    private static final int HEAD = 64 * 1024;
    private static final int FIELDS = 128;

    /// @param maxBody bytes of a request's body at most; 0: any number
    public HttpSettings(long maxBody) {
        this(maxBody, 0, false, ResponseDefaults.DEFAULT, null);
    }

    /// @param maxBody bytes of a request's body at most; 0: any number
    /// @param transportSecurity in seconds; 0: nothing is said
    /// @param requestIds whether each request gets an id
    /// @param responses header fields that the server adds
    /// @param compression null for none
    public HttpSettings(
            long maxBody,
            long transportSecurity,
            boolean requestIds,
            ResponseDefaults responses,
            @Nullable Compression compression) {
        this(
                HEAD,
                FIELDS,
                maxBody == 0 ? Long.MAX_VALUE : maxBody,
                transportSecurity,
                requestIds,
                responses,
                compression);
    }
}
