package io.spvn.bridge.exchange;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Peers;
import org.jspecify.annotations.Nullable;

/// A request that is over, as an access log tells of it. It holds the request's head, so whoever
/// keeps some of these has to bound them by their [#weight].
///
/// @param millis the time of its end, since 1970
/// @param peers who asked whom
/// @param request what was asked; null where that could not be made out
/// @param line what is known of such a request, printable; "" for nothing
/// @param status of the answer, [#CLIENT_GONE] when there was none
/// @param bytes of the answer's content that were written
/// @param nanos from the request's head to the end
/// @param fields of the answer, as the app has given them
/// @param close code with which a WebSocket has ended; 0 for what is none
/// @param moments of its life before the end
public record Access(
        long millis,
        Peers peers,
        @Nullable Request request,
        String line,
        int status,
        long bytes,
        long nanos,
        Headers fields,
        int close,
        Moments moments) {
    /// The status that stands in logs, as those of nginx, for an answer that was not begun when its
    /// client left.
    public static final int CLIENT_GONE = 499;

    private static final int OBJECTS = 256;

    /// The head of a request. The block of its headers begins with its line: the method, a space,
    /// the target.
    ///
    /// @param methodEnd where the method ends
    /// @param targetEnd where the target ends
    /// @param version such as `HTTP/1.1`
    /// @param id by which the request is known in other logs, "" for none
    public record Request(
            Headers headers, int methodEnd, int targetEnd, String version, String id) {}

    /// When what has happened to a request, in nanoseconds since its head was complete.
    ///
    /// @param head [System#nanoTime] of that
    /// @param queued it began to wait for a worker, [#NEVER] when nobody but the server was asked
    /// @param taken a worker has taken it
    /// @param said the app has said all, or nothing was awaited of it any more
    public record Moments(long head, long queued, long taken, long said) {
        public static final long NEVER = -1;

        /// Nobody has kept them.
        public static final Moments NONE = new Moments(0, NEVER, NEVER, NEVER);
    }

    /// One that ends now.
    ///
    /// @param status 0 for an answer that was not begun when its client left
    public static Access of(
            Exchange exchange,
            @Nullable Request request,
            int status,
            long bytes,
            long nanos,
            Headers fields,
            int close) {
        return new Access(
                System.currentTimeMillis(),
                exchange.peers(),
                request,
                "",
                status == 0 ? CLIENT_GONE : status,
                bytes,
                nanos,
                fields,
                close,
                exchange.moments());
    }

    /// One that ends now, and that only the server has had to do with.
    public static Access of(
            Peers peers,
            @Nullable Request request,
            int status,
            long bytes,
            long nanos,
            Headers fields) {
        return new Access(
                System.currentTimeMillis(),
                peers,
                request,
                "",
                status,
                bytes,
                nanos,
                fields,
                0,
                Moments.NONE);
    }

    /// One that could not be understood, and is refused now.
    ///
    /// @param line what is known of it, printable
    public static Access unread(Peers peers, String line, int status, long bytes) {
        return new Access(
                System.currentTimeMillis(),
                peers,
                null,
                line,
                status,
                bytes,
                0,
                Headers.EMPTY,
                0,
                Moments.NONE);
    }

    /// Bytes of the heap that it keeps, about.
    public int weight() {
        Request asked = request;
        int head = asked == null ? line.length() : asked.headers().block().length;
        return OBJECTS + head + fields.block().length;
    }
}
