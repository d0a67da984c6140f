package io.spvn.server.http2;

import io.spvn.server.http.Compression;
import io.spvn.server.http.ResponseDefaults;
import org.jspecify.annotations.Nullable;

/// What HTTP/2 connections allow their clients.
///
/// @param maxStreams requests that may be open at a time
/// @param maxHead bytes of the fields of a request at most, as SETTINGS_MAX_HEADER_LIST_SIZE counts
/// @param maxFields fields of a request at most
/// @param maxBody bytes of a request's body at most
/// @param transportSecurity for how many seconds browsers are told to come back with encryption
///   only; 0: they are not
/// @param requestIds whether each request gets an id
/// @param responses header fields that the server adds
/// @param compression of responses, null for none
public record Http2Settings(
        int maxStreams,
        int maxHead,
        int maxFields,
        long maxBody,
        long transportSecurity,
        boolean requestIds,
        ResponseDefaults responses,
        @Nullable Compression compression) {
    private static final int STREAMS = 128;
    private static final int HEAD = 64 * 1024;
    private static final int FIELDS = 128;

    /// @param maxBody bytes of a request's body at most; 0: any number
    /// @param transportSecurity in seconds; 0: nothing is said
    /// @param requestIds whether each request gets an id
    /// @param responses header fields that the server adds
    /// @param compression null for none
    public Http2Settings(
            long maxBody,
            long transportSecurity,
            boolean requestIds,
            ResponseDefaults responses,
            @Nullable Compression compression) {
        this(
                STREAMS,
                HEAD,
                FIELDS,
                maxBody == 0 ? Long.MAX_VALUE : maxBody,
                transportSecurity,
                requestIds,
                responses,
                compression);
    }

    /// Says to a client what it has to know of these, and gives the connection its window.
    void greet(FrameWriter frames) {
        frames.settings(
                PeerSettings.MAX_CONCURRENT_STREAMS,
                maxStreams,
                PeerSettings.INITIAL_WINDOW_SIZE,
                ReceiveWindow.OF_STREAM,
                PeerSettings.MAX_HEADER_LIST_SIZE,
                maxHead,
                PeerSettings.NO_RFC7540_PRIORITIES,
                1);
        frames.windowUpdate(0, ReceiveWindow.OF_CONNECTION - SendWindow.INITIAL);
    }
}
