package io.spvn.server.websocket;

import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.exchange.Access;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.WireBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The answer to a client that asks for a WebSocket, in the words of the version of HTTP that it
/// has asked in. One writer at a time.
public interface HandshakeAnswer {
    /// The extensions that the client has offered.
    List<Extension> extensions();

    /// The client gets it: what follows are frames.
    ///
    /// @param deflate what was agreed on, null for no compression
    void accept(Outbound.Accept accept, @Nullable PerMessageDeflate deflate, WireBuffer out);

    /// The head of a response in its place.
    ///
    /// @param knownLength of its body when what follows is the whole of it, else -1
    void start(Outbound.ResponseStart start, long knownLength, WireBuffer out);

    /// A piece of that response; its payload is not released.
    void body(Outbound.ResponseBody body, WireBuffer out);

    /// A response of the server in its place.
    ///
    /// @param detail what the client is shown beside the reason, several lines; "" for nothing
    void refuse(Rejected reason, String detail, WireBuffer out);

    /// Whether such a response has been written to its end.
    boolean isComplete();

    /// The status of the answer, 0 before there is one.
    int status();

    /// Bytes of content that the answer has had.
    long content();

    /// What was asked, as logs tell it.
    Access.Request asked();
}
