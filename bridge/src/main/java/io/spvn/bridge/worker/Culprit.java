package io.spvn.bridge.worker;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Printable;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.WebSocketExchange;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Which request holds a worker's event loop up. The worker tells the number of the one whose code
/// runs. Where it cannot, because a callback runs or the interpreter's lock is kept, only those can
/// be told that it has in hand. For any thread.
///
/// @param inHand those of the worker
record Culprit(Supplier<List<Exchange>> inHand) {
    /// In place of a number: not known.
    static final long UNKNOWN = -1;

    private static final byte[] REQUEST_ID = "x-request-id".getBytes(StandardCharsets.US_ASCII);

    /// The one that has this number; null when none has it any more.
    @Nullable Exchange find(long number) {
        return number == UNKNOWN
                ? null
                : inHand.get().stream()
                        .filter(each -> each.id() == number)
                        .findFirst()
                        .orElse(null);
    }

    /// What the log says of it; "" when nothing is in hand.
    String words(@Nullable Exchange known, long now) {
        if (known != null) {
            return " by " + named(known, now);
        }
        List<Exchange> all = inHand.get().stream().filter(each -> !each.settled()).toList();
        return all.stream()
                .min(Comparator.comparingLong(Exchange::createdAt))
                .map(oldest -> inHand(all.size(), named(oldest, now)))
                .orElse("");
    }

    private static String inHand(int count, String oldest) {
        return count == 1
                ? ", with " + oldest + " in hand"
                : ", with %d requests in hand, the oldest %s".formatted(count, oldest);
    }

    private static String named(Exchange exchange, long now) {
        String id = requestId(exchange);
        return "%s (%s%.1f s old)"
                .formatted(
                        exchange,
                        id.isEmpty() ? "" : "request id " + id + ", ",
                        (now - exchange.createdAt()) / 1e9);
    }

    private static String requestId(Exchange exchange) {
        Headers headers =
                switch (exchange) {
                    case HttpExchange http -> http.scope().headers();
                    case WebSocketExchange webSocket -> webSocket.scope().headers();
                };
        int field = headers.find(REQUEST_ID, 0);
        return field < 0 ? "" : Printable.line(headers.value(field));
    }
}
