package io.spvn.server.http1;

import static io.spvn.server.http.FieldNames.UPGRADE;

import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.exchange.RefusalLog;
import io.spvn.server.http.Ascii;
import io.spvn.server.http.ListField;
import java.util.concurrent.atomic.AtomicBoolean;

/// Tells, once, that a client has asked for a WebSocket where none are served: the first that a
/// user sees of it must not be an answer that nobody can explain. Shared by all connections; any
/// reader's thread.
final class Upgrades {
    private static final byte[] WEBSOCKET = Ascii.bytes("websocket");

    private final AtomicBoolean told = new AtomicBoolean();

    void note(RequestHead head, Peers peers) {
        if (isWebSocket(head) && told.compareAndSet(false, true)) {
            System.getLogger(Upgrades.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "WebSocket is turned off: %s from %s asks for one; the app gets"
                                            .formatted(
                                                    head.line(), RefusalLog.client(peers.client()))
                                    + " it as an ordinary request, and the client the app's answer"
                                    + " to that (said once)");
        }
    }

    private static boolean isWebSocket(RequestHead head) {
        return head.headers().find(UPGRADE, 0) >= 0
                && ListField.contains(head.headers(), UPGRADE, WEBSOCKET);
    }
}
