package io.spvn.server.websocket;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How WebSockets are served.
///
/// @param maxMessage bytes that a message may have, when it is not compressed any more
/// @param maxQueue messages that wait for an app which does not read
/// @param deflate whether messages are compressed for clients that can
/// @param pingInterval how often clients are asked whether they are there; null for never
/// @param pingTimeout how long the answer may take; null for any time
public record WebSocketSettings(
        int maxMessage,
        int maxQueue,
        boolean deflate,
        @Nullable Duration pingInterval,
        @Nullable Duration pingTimeout) {
    /// The largest message that can be allowed.
    public static final int MOST = FrameReader.MOST;
}
