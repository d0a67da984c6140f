package io.spvn.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a signal does, by when it comes.
final class StopSignalsTest {
    private final List<String> done = new ArrayList<>();
    private long now = Long.MAX_VALUE - 5;
    private final StopSignals signals =
            new StopSignals(
                    Duration.ofSeconds(30),
                    () -> done.add("stop"),
                    exitCode -> done.add("end " + exitCode),
                    () -> now);

    private void later(Duration time) {
        now += time.toNanos();
    }

    @ParameterizedTest
    @CsvSource({"INT, end 1", "TERM, end 1", "HUP, end 129"})
    void duringTheStart_endsAtOnce(String name, String expected) {
        signals.arrived(name);
        assertEquals(List.of(expected), done);
    }

    @ParameterizedTest
    @CsvSource({"INT, stop", "TERM, stop", "HUP, end 129"})
    void whileItServes(String name, String expected) {
        signals.serving();
        signals.arrived(name);
        assertEquals(List.of(expected), done);
    }

    @ParameterizedTest
    @CsvSource({"INT, end 1", "TERM, end 1", "HUP, end 129"})
    void duringAStop_endsAtOnce(String name, String expected) {
        signals.serving();
        signals.arrived("TERM");
        later(Duration.ofSeconds(1));
        signals.arrived(name);
        assertEquals(List.of("stop", expected), done);
    }

    @ParameterizedTest
    @CsvSource({"INT", "TERM"})
    void whatComesTwiceAtOnce_isOneSignal(String name) {
        signals.serving();
        signals.arrived(name);
        later(Duration.ofMillis(400));
        signals.arrived(name);
        assertEquals(List.of("stop"), done);
    }

    @Test
    void serving_aSecondTimeDoesNotForgetTheFirstSignal() {
        signals.serving();
        signals.arrived("TERM");
        signals.serving();
        later(Duration.ofSeconds(1));
        signals.arrived("TERM");
        assertEquals(List.of("stop", "end 1"), done);
    }

    // ---- where workers can be replaced

    private final StopSignals.Crew crew =
            new StopSignals.Crew() {
                @Override
                public void roll(Runnable told) {
                    done.add("roll");
                }

                @Override
                public void resize(int change) {
                    done.add("resize " + change);
                }
            };

    @ParameterizedTest
    @ValueSource(strings = {"HUP", "TTIN", "TTOU"})
    void replaceable_duringTheStart_nothing(String name) {
        signals.replacing(crew);
        signals.arrived(name);
        assertEquals(List.of(), done);
    }

    @ParameterizedTest
    @CsvSource({"INT, stop", "TERM, stop", "HUP, roll", "TTIN, resize 1", "TTOU, resize -1"})
    void replaceable_whileItServes(String name, String expected) {
        signals.replacing(crew);
        signals.serving();
        signals.arrived(name);
        assertEquals(List.of(expected), done);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HUP", "TTIN", "TTOU"})
    void replaceable_duringAStop_nothing(String name) {
        signals.replacing(crew);
        signals.serving();
        signals.arrived("TERM");
        signals.arrived(name);
        assertEquals(List.of("stop"), done);
    }

    // ---- where there are certificates

    @Test
    void certificates_areReadAtHangup_whileItServes_andNothingEnds() {
        signals.reading(() -> done.add("read"));
        signals.arrived("HUP");
        signals.serving();
        signals.arrived("HUP");
        signals.arrived("TERM");
        signals.arrived("HUP");
        assertEquals(List.of("read", "stop"), done);
    }

    @Test
    void certificatesAndWorkers_areBothRenewedAtHangup() {
        signals.reading(() -> done.add("read"));
        signals.replacing(crew);
        signals.serving();
        signals.arrived("HUP");
        assertEquals(List.of("read", "roll"), done);
    }
}
