package io.spvn.bridge.asgi;

import java.util.List;
import java.util.Objects;

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

    /// A client asks for a WebSocket.
    record Connect() implements Inbound {}

    /// A message of a WebSocket.
    ///
    /// @param data its bytes; those of a text are valid UTF-8
    @SuppressWarnings("ArrayRecordComponent") // bytes for Python; events are never compared
    record Message(byte[] data, boolean text) implements Inbound {
        public Message {
            Objects.requireNonNull(data, "data is null");
        }
    }

    /// A WebSocket is over.
    ///
    /// @param code RFC 6455 section 7.4; 1005 where the close said none, 1006 where there was no
    ///   close
    record Closed(int code, String reason) implements Inbound {
        public Closed {
            Objects.requireNonNull(reason, "reason is null");
        }
    }
}
