package io.spvn.bridge.asgi;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which event may follow which, as a table: a row for each state, in which each event that is
/// legal there has the state that it leads to.
///
/// @param <S> how far a conversation has come
/// @param <E> what may be said in it
final class EventTable<S extends Enum<S>, E extends Enum<E>> {
    private final Class<S> states;
    private final Class<E> events;
    private final Map<S, Map<E, S>> rows;

    /// @param rows of all states; that of the end is empty
    EventTable(Class<S> states, Class<E> events, Map<S, Map<E, S>> rows) {
        this.states = states;
        this.events = events;
        this.rows = new EnumMap<>(rows);
    }

    /// The state after `event`, null where that is not legal.
    ///
    /// @param event null for one of another conversation
    @Nullable S next(S state, @Nullable E event) {
        return event == null ? null : rows.getOrDefault(state, Map.of()).get(event);
    }

    /// The table in Markdown, for the documentation.
    ///
    /// @param titles of the events
    String describe(String... titles) {
        String head =
                Arrays.stream(titles).collect(Collectors.joining(" | ", "| state | ", " |\n"));
        String rule = "|---".repeat(titles.length + 1) + "|\n";
        return Arrays.stream(states.getEnumConstants())
                .map(this::line)
                .collect(Collectors.joining("", head + rule, ""));
    }

    private String line(S state) {
        return Arrays.stream(events.getEnumConstants())
                .map(event -> next(state, event))
                .map(next -> next == null ? "refused" : next.name())
                .collect(Collectors.joining(" | ", "| " + state + " | ", " |\n"));
    }
}
