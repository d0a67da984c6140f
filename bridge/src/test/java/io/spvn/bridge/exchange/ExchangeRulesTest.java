package io.spvn.bridge.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.ExchangeRules.Move;
import io.spvn.bridge.exchange.ExchangeRules.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExchangeRulesTest {
    private static final Path SOURCE =
            Path.of("src/main/java/io/spvn/bridge/exchange/ExchangeRules.java");
    private static final String DRAWN = "///     ";

    @Test
    void drawing_isTheTable() throws IOException {
        String drawn =
                Files.readAllLines(SOURCE).stream()
                        .filter(line -> line.startsWith(DRAWN))
                        .map(line -> line.substring(DRAWN.length()).replaceAll(" +", " "))
                        .collect(Collectors.joining("\n"));
        assertEquals(ExchangeRules.describe() + ExchangeRules.actors(), drawn);
    }

    @ParameterizedTest
    @EnumSource
    void settled_staysSettled(State state) {
        for (Move move : Move.values()) {
            State next = ExchangeRules.next(state, move);
            assertTrue(next == null || !state.settled() || next.settled(), state + " " + move);
            assertTrue(next == null || !state.gone() || next.gone(), state + " " + move);
        }
    }

    @ParameterizedTest
    @EnumSource
    void unsettled_canBeEndedByWhoBreaksOrCuts(State state) {
        if (!state.settled()) {
            assertTrue(ExchangeRules.next(state, Move.BREAK) != null);
            assertEquals(State.CUT, ExchangeRules.next(state, Move.CUT));
        }
    }
}
