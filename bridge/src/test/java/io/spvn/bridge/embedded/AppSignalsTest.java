package io.spvn.bridge.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sun.misc.Signal;

@Timeout(10)
class AppSignalsTest {
    private final BlockingQueue<Integer> told = new LinkedBlockingQueue<>();
    private final AppSignals signals = new AppSignals(told::add);

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP", "QUIT", "SEGV", "KILL", "NONE"})
    void ask_forOneThatIsNotTheApps_isRefused(String name) {
        assertFalse(signals.ask(name, AppSignals.Action.TELL));
    }

    @Test
    void ask_tellsTheAppOfEachThatComes() throws InterruptedException {
        Signal winch = new Signal("WINCH"); // ignored by default
        assertTrue(signals.ask("WINCH", AppSignals.Action.TELL));
        Signal.raise(winch);
        assertEquals(winch.getNumber(), told.poll(5, TimeUnit.SECONDS));
        assertTrue(signals.ask("WINCH", AppSignals.Action.DEFAULT));
    }
}
