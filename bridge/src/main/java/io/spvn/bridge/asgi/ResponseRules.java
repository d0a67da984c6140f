package io.spvn.bridge.asgi;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which event may follow which in a response. Everything that decides this order is in this file,
/// as one table; an event that is not in a state's row is a violation.
public final class ResponseRules {
    /// How far a response has come.
    public enum State {
        AWAITING_START("Expected ASGI message 'http.response.start', but got '%s'."),
        STARTED("Expected ASGI message 'http.response.body', but got '%s'."),
        STREAMING("Expected ASGI message 'http.response.body', but got '%s'."),
        COMPLETE("Unexpected ASGI message '%s' sent, after response already completed.");

        private final String refusal;

        State(String refusal) {
            this.refusal = refusal;
        }
    }

    private enum Event {
        START,
        BODY,
        LAST_BODY
    }

    private static final EventTable<State, Event> TABLE = table();

    private ResponseRules() {}

    private static EventTable<State, Event> table() {
        var start = Map.of(Event.START, State.STARTED);
        var body = Map.of(Event.BODY, State.STREAMING, Event.LAST_BODY, State.COMPLETE);
        return new EventTable<>(
                State.class,
                Event.class,
                Map.of(
                        State.AWAITING_START, start,
                        State.STARTED, body,
                        State.STREAMING, body,
                        State.COMPLETE, Map.of()));
    }

    /// The state after `event`; an event out of order is an [AsgiViolation].
    public static State next(State state, Outbound event) {
        State next = TABLE.next(state, kind(event));
        if (next == null) {
            throw new AsgiViolation(state.refusal.formatted(event.type()));
        }
        return next;
    }

    /// A status code has three digits and a known class (RFC 9110 15).
    public static void requireStatus(int status) {
        if (status < 100 || status > 599) {
            throw new IllegalArgumentException("status must be 100 to 599, not " + status);
        }
    }

    /// The table in Markdown, for the documentation.
    public static String describe() {
        return TABLE.describe("start", "body, more to come", "last body");
    }

    /// Null for what is not said in a response.
    private static @Nullable Event kind(Outbound event) {
        return switch (event) {
            case Outbound.ResponseStart _ -> Event.START;
            case Outbound.ResponseBody(var _, var more) -> more ? Event.BODY : Event.LAST_BODY;
            case Outbound.Accept _,
                    Outbound.Message _,
                    Outbound.Close _,
                    Outbound.DenialStart _,
                    Outbound.DenialBody _ ->
                    null;
        };
    }
}
