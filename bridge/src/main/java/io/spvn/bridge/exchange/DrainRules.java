package io.spvn.bridge.exchange;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which apps are told `http.disconnect` when the server stops, though their clients are still
/// there. A stream that never ends would take the whole graceful timeout; a request that is at work
/// must get it.
///
///     response                     who waits in receive()     told
///     not begun                    the request's own task     after the grace: a long poll
///     not begun                    another task, nobody       never: the app is at work
///     text/event-stream            anyone, nobody             after the grace: it has no end
///     with a declared length       anyone, nobody             never: it has an end
///     any other                    a task                     once it was quiet for the grace
///     any other                    nobody                     never: nobody asks
///
/// Django and Quart listen for the disconnect in a task beside each request, and cancel the request
/// when it comes; so it matters which task waits. Quiet is a response of which nothing was sent and
/// nothing taken by the client: a download that is under way ends by itself.
final class DrainRules {
    /// What is known of the app's response.
    enum Response {
        AWAITED,
        EVENTS,
        SIZED,
        OPEN
    }

    private static final byte[] CONTENT_TYPE = bytes("content-type");
    private static final byte[] CONTENT_LENGTH = bytes("content-length");
    private static final String EVENT_STREAM = "text/event-stream";

    private DrainRules() {}

    static boolean due(Response response, Receiver listener, boolean quiet) {
        return switch (response) {
            case AWAITED -> listener == Receiver.OWN_TASK;
            case EVENTS -> true;
            case SIZED -> false;
            case OPEN -> listener != Receiver.NOBODY && quiet;
        };
    }

    static Response kind(Outbound.@Nullable ResponseStart start) {
        if (start == null) {
            return Response.AWAITED;
        }
        Headers headers = start.headers();
        if (headers.find(CONTENT_LENGTH, 0) >= 0) {
            return Response.SIZED;
        }
        return isEventStream(headers) ? Response.EVENTS : Response.OPEN;
    }

    private static boolean isEventStream(Headers headers) {
        int field = headers.find(CONTENT_TYPE, 0);
        return field >= 0
                && new String(headers.value(field), StandardCharsets.ISO_8859_1)
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .startsWith(EVENT_STREAM);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
