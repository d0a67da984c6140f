package io.spvn.bridge.asgi;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which event may follow which in what an app says on a WebSocket. Everything that decides this
/// order is in this file, as one table; an event that is not in a state's row is a violation.
public final class WebSocketRules {
    /// How far a WebSocket has come.
    public enum State {
        /// The client waits for its handshake's answer.
        CONNECTING(
                "Expected ASGI message 'websocket.accept', 'websocket.close' or"
                        + " 'websocket.http.response.start', but got '%s'."),
        OPEN("Expected ASGI message 'websocket.send' or 'websocket.close', but got '%s'."),
        /// The client gets a response in place of a WebSocket.
        DENIED("Expected ASGI message 'websocket.http.response.body', but got '%s'."),
        CLOSED(
                "Unexpected ASGI message '%s', after sending 'websocket.close' or response already"
                        + " completed.");

        private final String refusal;

        State(String refusal) {
            this.refusal = refusal;
        }
    }

    private enum Event {
        ACCEPT,
        SEND,
        CLOSE,
        DENIAL_START,
        DENIAL_BODY,
        LAST_DENIAL_BODY
    }

    private static final EventTable<State, Event> TABLE =
            new EventTable<>(
                    State.class,
                    Event.class,
                    Map.of(
                            State.CONNECTING,
                            Map.of(
                                    Event.ACCEPT, State.OPEN,
                                    Event.CLOSE, State.CLOSED,
                                    Event.DENIAL_START, State.DENIED),
                            State.OPEN,
                            Map.of(Event.SEND, State.OPEN, Event.CLOSE, State.CLOSED),
                            State.DENIED,
                            Map.of(
                                    Event.DENIAL_BODY, State.DENIED,
                                    Event.LAST_DENIAL_BODY, State.CLOSED),
                            State.CLOSED,
                            Map.of()));

    private WebSocketRules() {}

    /// The state after `event`; an event out of order is an [AsgiViolation].
    public static State next(State state, Outbound event) {
        State next = TABLE.next(state, kind(event));
        if (next == null) {
            throw new AsgiViolation(state.refusal.formatted(event.type()));
        }
        return next;
    }

    /// The table in Markdown, for the documentation.
    public static String describe() {
        return TABLE.describe(
                "accept", "send", "close", "denial start", "denial body", "last denial body");
    }

    /// Null for what is not said on a WebSocket.
    private static @Nullable Event kind(Outbound event) {
        return switch (event) {
            case Outbound.Accept _ -> Event.ACCEPT;
            case Outbound.Message _ -> Event.SEND;
            case Outbound.Close _ -> Event.CLOSE;
            case Outbound.DenialStart _ -> Event.DENIAL_START;
            case Outbound.DenialBody(var body) ->
                    body.more() ? Event.DENIAL_BODY : Event.LAST_DENIAL_BODY;
            case Outbound.ResponseStart _,
                    Outbound.ResponseBody _,
                    Outbound.WholeFile _,
                    Outbound.Trailers _,
                    Outbound.EarlyHint _ ->
                    null;
        };
    }
}
