package io.spvn.bridge.asgi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the app's `send` says.
public sealed interface Outbound {
    /// Status and header fields of the response, not to be written before its first body event.
    ///
    /// @param trailers whether the response ends with [Trailers], not with its body
    record ResponseStart(int status, Headers headers, boolean trailers) implements Outbound {
        public ResponseStart {
            ResponseRules.requireStatus(status);
            Objects.requireNonNull(headers, "headers is null");
        }

        /// One that ends with its body.
        public ResponseStart(int status, Headers headers) {
            this(status, headers, false);
        }
    }

    /// The next bytes of the response body. `more` is false on the event that ends the response.
    record ResponseBody(Payload data, boolean more) implements Outbound {
        public ResponseBody {
            Objects.requireNonNull(data, "data is null");
        }
    }

    /// The whole of the response body: a file.
    record WholeFile(FileRange file) implements Outbound {
        public WholeFile {
            Objects.requireNonNull(file, "file is null");
        }
    }

    /// Fields behind the body. `more` is false on the event that ends the response.
    record Trailers(Headers headers, boolean more) implements Outbound {
        public Trailers {
            TrailerFields.require(headers);
        }
    }

    /// What the client may load while the app is still at its response.
    ///
    /// @param links all of them fields of the name `link`
    record EarlyHint(Headers links) implements Outbound {
        public EarlyHint {
            Objects.requireNonNull(links, "links is null");
        }
    }

    /// The client gets its WebSocket.
    ///
    /// @param subprotocol one that it has offered, null for none
    /// @param headers of the response beside those of the handshake itself
    record Accept(@Nullable String subprotocol, Headers headers) implements Outbound {
        public Accept {
            Objects.requireNonNull(headers, "headers is null");
        }
    }

    /// A message of a WebSocket.
    ///
    /// @param data its bytes; those of a text are valid UTF-8
    record Message(Payload data, boolean text) implements Outbound {
        public Message {
            Objects.requireNonNull(data, "data is null");
        }
    }

    /// The end of a WebSocket, or of what would have been one.
    ///
    /// @param code one that a close can say; those that stand for a close without a code, or for
    ///   none, become 1000: apps pass on what they have received
    record Close(int code, String reason) implements Outbound {
        public Close {
            code = CloseCode.isLocal(code) ? CloseCode.NORMAL.code() : code;
            CloseCode.requireSendable(code);
            Objects.requireNonNull(reason, "reason is null");
        }
    }

    /// The client does not get its WebSocket, but this response.
    record DenialStart(ResponseStart start) implements Outbound {
        public DenialStart {
            Objects.requireNonNull(start, "start is null");
        }
    }

    /// A piece of that response.
    record DenialBody(ResponseBody body) implements Outbound {
        public DenialBody {
            Objects.requireNonNull(body, "body is null");
        }
    }

    /// Its type, in the words of ASGI.
    default String type() {
        return switch (this) {
            case ResponseStart _ -> "http.response.start";
            case ResponseBody(Payload data, boolean _) ->
                    data instanceof FileRange ? "http.response.zerocopysend" : "http.response.body";
            case WholeFile _ -> "http.response.pathsend";
            case Trailers _ -> "http.response.trailers";
            case EarlyHint _ -> "http.response.early_hint";
            case Accept _ -> "websocket.accept";
            case Message _ -> "websocket.send";
            case Close _ -> "websocket.close";
            case DenialStart _ -> "websocket.http.response.start";
            case DenialBody _ -> "websocket.http.response.body";
        };
    }

    /// Gives back what an event holds on to, which nobody has taken over.
    default void release() {
        switch (this) {
            case ResponseBody body -> body.data().release();
            case WholeFile(FileRange file) -> file.release();
            case Message message -> message.data().release();
            case DenialBody denial -> denial.body().data().release();
            case ResponseStart _, Trailers _, EarlyHint _, Accept _, Close _, DenialStart _ -> {}
        }
    }
}
