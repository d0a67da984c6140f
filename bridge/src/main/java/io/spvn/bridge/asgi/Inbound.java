package io.spvn.bridge.asgi;

import java.util.List;

/// What the app's `receive` yields.
public sealed interface Inbound {
    /// The next bytes of the request body, in order. `more` is false on the last event of the body.
    record RequestBody(List<byte[]> parts, boolean more) implements Inbound {
        public RequestBody {
            parts = List.copyOf(parts);
        }
    }

    /// The client is gone, or the exchange is over.
    record Disconnect() implements Inbound {}
}
