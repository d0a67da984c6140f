package io.spvn.bridge.asgi;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which event may follow which in a response. Everything that decides this order is in this file,
/// as one table; an event that is not in a state's row is a violation.
public final class ResponseRules {
    /// How far a response has come; those behind whose body trailers come have states of their own.
    public enum State {
        AWAITING_START(false, "http.response.start"),
        STARTED(false, "http.response.body"),
        STREAMING(true, "http.response.body"),
        TRAILED(false, "http.response.body"),
        TRAILED_STREAMING(true, "http.response.body"),
        AWAITING_TRAILERS(true, "http.response.trailers"),
        COMPLETE(true, "");

        private final boolean begun;
        private final String refusal;

        State(boolean begun, String expected) {
            this.begun = begun;
            this.refusal =
                    expected.isEmpty()
                            ? "Unexpected ASGI message '%s' sent, after response already completed."
                            : "Expected ASGI message '" + expected + "', but got '%s'.";
        }

        /// Whether a piece of the body was said, so that the head stands.
        public boolean hasBegun() {
            return begun;
        }
    }

    private enum Event {
        START,
        TRAILED_START,
        BODY,
        LAST_BODY,
        TRAILERS,
        LAST_TRAILERS,
        WHOLE_FILE,
        HINT
    }

    private static final EventTable<State, Event> TABLE = table();

    private ResponseRules() {}

    private static EventTable<State, Event> table() {
        return new EventTable<>(
                State.class,
                Event.class,
                Map.of(
                        State.AWAITING_START,
                        Map.of(
                                Event.START, State.STARTED,
                                Event.TRAILED_START, State.TRAILED,
                                Event.HINT, State.AWAITING_START),
                        State.STARTED,
                        held(State.STARTED, State.STREAMING, State.COMPLETE),
                        State.STREAMING,
                        streaming(State.STREAMING, State.COMPLETE),
                        State.TRAILED,
                        held(State.TRAILED, State.TRAILED_STREAMING, State.AWAITING_TRAILERS),
                        State.TRAILED_STREAMING,
                        streaming(State.TRAILED_STREAMING, State.AWAITING_TRAILERS),
                        State.AWAITING_TRAILERS,
                        Map.of(
                                Event.TRAILERS, State.AWAITING_TRAILERS,
                                Event.LAST_TRAILERS, State.COMPLETE),
                        State.COMPLETE,
                        Map.of()));
    }

    /// Nothing of the body was said.
    private static Map<Event, State> held(State self, State streaming, State end) {
        return Map.of(
                Event.BODY, streaming,
                Event.LAST_BODY, end,
                Event.WHOLE_FILE, end,
                Event.HINT, self);
    }

    private static Map<Event, State> streaming(State self, State end) {
        return Map.of(Event.BODY, self, Event.LAST_BODY, end, Event.HINT, self);
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
        return TABLE.describe(
                "start",
                "start, trailers to come",
                "body, more to come",
                "last body",
                "trailers, more to come",
                "last trailers",
                "pathsend",
                "early hint");
    }

    /// Null for what is not said in a response.
    private static @Nullable Event kind(Outbound event) {
        return switch (event) {
            case Outbound.ResponseStart start ->
                    start.trailers() ? Event.TRAILED_START : Event.START;
            case Outbound.ResponseBody(var _, var more) -> more ? Event.BODY : Event.LAST_BODY;
            case Outbound.WholeFile _ -> Event.WHOLE_FILE;
            case Outbound.Trailers(var _, var more) -> more ? Event.TRAILERS : Event.LAST_TRAILERS;
            case Outbound.EarlyHint _ -> Event.HINT;
            case Outbound.Accept _,
                    Outbound.Message _,
                    Outbound.Close _,
                    Outbound.DenialStart _,
                    Outbound.DenialBody _ ->
                    null;
        };
    }
}
