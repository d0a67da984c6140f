package io.spvn.bridge.asgi;

import java.util.Objects;

/// What the app's `send` says.
public sealed interface Outbound {
    /// Status and header fields of the response, not to be written before its first body event.
    record ResponseStart(int status, Headers headers) implements Outbound {
        public ResponseStart {
            ResponseRules.requireStatus(status);
            Objects.requireNonNull(headers, "headers is null");
        }
    }

    /// The next bytes of the response body. `more` is false on the event that ends the response.
    record ResponseBody(Payload data, boolean more) implements Outbound {
        public ResponseBody {
            Objects.requireNonNull(data, "data is null");
        }
    }
}
