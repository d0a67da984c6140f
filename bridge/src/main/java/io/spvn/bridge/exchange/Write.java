package io.spvn.bridge.exchange;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;

/// What a transport has to write for an exchange, in order.
public sealed interface Write {
    /// An interim `100 Continue`.
    record Continue() implements Write {}

    /// An interim `103 Early Hints`, where the protocol has such.
    ///
    /// @param links all of them fields of the name `link`
    record EarlyHints(Headers links) implements Write {}

    /// The head of the app's response.
    ///
    /// @param knownLength bytes of the body when the event that follows is the whole of it, else -1
    record Start(Outbound.ResponseStart start, long knownLength) implements Write {}

    /// A piece of the body; its payload is to be released once written or dropped.
    record Body(Outbound.ResponseBody body) implements Write {}

    /// The end of a response whose start has told of trailers: the pieces of its body all say that
    /// there is more. Where the client wants no trailers they are left out.
    record Trailers(Headers headers) implements Write {}

    /// The answer to the handshake of a WebSocket that the app takes.
    record Accept(Outbound.Accept accept) implements Write {}

    /// A message of a WebSocket; its payload is to be released once written or dropped.
    record Message(Outbound.Message message) implements Write {}

    /// The end of a WebSocket.
    record Close(int code, String reason) implements Write {}

    /// A response made by the server, since there is none of the app.
    ///
    /// @param detail what the client is shown beside the reason, several lines; "" for nothing
    record Refusal(Rejected reason, String detail) implements Write {
        public Refusal(Rejected reason) {
            this(reason, "");
        }
    }

    /// The response cannot be completed: the client must not take what it got for the whole.
    record Abort(Rejected reason) implements Write {}
}
