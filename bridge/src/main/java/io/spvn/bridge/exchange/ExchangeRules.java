package io.spvn.bridge.exchange;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where an exchange is in its life, the moves that lead on, and who makes them. Everything that
/// decides this is in this file, as one table:
///
///     | state     | take    | complete | refuse   | cut | break     |
///     | WAITING   | AT_WORK | -        | COMPLETE | CUT | ABANDONED |
///     | AT_WORK   | -       | COMPLETE | -        | CUT | BROKEN    |
///     | COMPLETE  | -       | -        | -        | -   | BROKEN    |
///     | CUT       | CUT     | -        | -        | -   | BROKEN    |
///     | BROKEN    | BROKEN  | -        | -        | -   | -         |
///     | ABANDONED | BROKEN  | -        | -        | -   | -         |
///
///     take: worker
///     complete: worker
///     refuse: reader, worker, pool
///     cut: reader, worker, registry
///     break: reader, responder, registry
///
/// A move that its state's row does not have is not made, and that is no fault: several threads end
/// an exchange at the same time, and the first decides. A worker may have found a request worth an
/// answer a moment before it was ended: it takes it all the same, and the app hears of the end.
final class ExchangeRules {
    enum State {
        /// No worker has it: its reader holds it still, or it is in the queue.
        WAITING,
        /// A worker has taken it: its app is at it.
        AT_WORK,
        /// All is said that will be, by the app or in its stead.
        COMPLETE,
        /// The server has ended it, and tells the client so.
        CUT,
        /// The connection carries nothing any more.
        BROKEN,
        /// The same, before a worker took it.
        ABANDONED;

        /// Whether nothing is awaited of the app any more.
        boolean settled() {
            return compareTo(COMPLETE) >= 0;
        }

        /// Whether nobody is there to read what the app says.
        boolean gone() {
            return compareTo(CUT) >= 0;
        }
    }

    enum Move {
        TAKE,
        COMPLETE,
        REFUSE,
        CUT,
        BREAK
    }

    enum Actor {
        /// A connection's own thread.
        READER,
        WORKER,
        RESPONDER,
        /// Who looks after the queue.
        POOL,
        /// The thread that watches the deadlines of connections, and those it starts.
        REGISTRY
    }

    private ExchangeRules() {}

    /// The state after `move`, null when it is not made.
    static @Nullable State next(State state, Move move) {
        return switch (move) {
            case TAKE ->
                    switch (state) {
                        case WAITING -> State.AT_WORK;
                        case CUT -> State.CUT;
                        case BROKEN, ABANDONED -> State.BROKEN;
                        case AT_WORK, COMPLETE -> null;
                    };
            case COMPLETE -> state == State.AT_WORK ? State.COMPLETE : null;
            case REFUSE -> state == State.WAITING ? State.COMPLETE : null;
            case CUT -> state.settled() ? null : State.CUT;
            case BREAK ->
                    switch (state) {
                        case WAITING -> State.ABANDONED;
                        case AT_WORK, COMPLETE, CUT -> State.BROKEN;
                        case BROKEN, ABANDONED -> null;
                    };
        };
    }

    private static Set<Actor> actors(Move move) {
        return switch (move) {
            case TAKE, COMPLETE -> EnumSet.of(Actor.WORKER);
            case REFUSE -> EnumSet.of(Actor.READER, Actor.WORKER, Actor.POOL);
            case CUT -> EnumSet.of(Actor.READER, Actor.WORKER, Actor.REGISTRY);
            case BREAK -> EnumSet.of(Actor.READER, Actor.RESPONDER, Actor.REGISTRY);
        };
    }

    /// The table, for the documentation.
    static String describe() {
        String moves = cells("state", Arrays.stream(Move.values()).map(ExchangeRules::name));
        return Arrays.stream(State.values())
                .map(ExchangeRules::line)
                .collect(Collectors.joining("", moves, ""));
    }

    private static String line(State state) {
        return cells(
                state.name(),
                Arrays.stream(Move.values())
                        .map(move -> next(state, move))
                        .map(next -> next == null ? "-" : next.name()));
    }

    private static String cells(String first, Stream<String> others) {
        return Stream.concat(Stream.of(first), others)
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /// Who makes which move, for the documentation.
    static String actors() {
        return Arrays.stream(Move.values())
                .map(move -> name(move) + ": " + names(actors(move)))
                .collect(Collectors.joining("\n"));
    }

    private static String names(Set<Actor> actors) {
        return actors.stream().map(ExchangeRules::name).collect(Collectors.joining(", "));
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
