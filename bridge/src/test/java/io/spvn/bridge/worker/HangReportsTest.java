package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.Exchange;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HangReportsTest {
    private static final long MILLI = 1_000_000;
    private static final long TICK = 50 * MILLI;
    private static final String TRACE = "Traceback (most recent call last):\n  File \"a.py\"";
    private static final String NONE =
            "; its Python stack cannot be had: native code holds the interpreter's lock";

    private final List<String> log = new ArrayList<>();
    private final List<Exchange> inHand = new ArrayList<>();
    private final Pulse pulse = new Pulse();
    private boolean pythonAnswers = true;
    private int asked;
    private HangReports reports = reports(1_000);
    private long now = 77 * MILLI;

    private HangReports reports(long timeoutMillis) {
        return new HangReports(
                3,
                pulse,
                timeoutMillis * MILLI,
                this::stackAsked,
                new Culprit(() -> inHand),
                log::add);
    }

    private void stackAsked() {
        asked++;
        if (pythonAnswers) {
            reports.stackTaken(TRACE + "\n", Culprit.UNKNOWN);
        }
    }

    private void runFor(long millis) {
        for (long end = now + millis * MILLI; now < end; now += TICK) {
            reports.tick(now);
        }
    }

    private void blockFor(long millis) {
        pulse.ask(now);
        runFor(millis);
    }

    private void comeBack() {
        pulse.answer(now);
        reports.tick(now);
    }

    @Test
    void tick_shortAbsence_isNotReported() {
        blockFor(1_000);
        comeBack();
        assertEquals(List.of(), log);
        assertEquals(0, asked);
    }

    @Test
    void tick_longAbsence_isReportedOnceWithTheStack() {
        blockFor(1_900);
        assertEquals(List.of("worker 3 has been blocked for 1.1 s\n" + TRACE), log);
    }

    @Test
    void tick_back_isReportedWithTheWholeTime() {
        blockFor(1_900);
        log.clear();
        comeBack();
        runFor(10_000);
        assertEquals(List.of("worker 3 is back after 1.9 s"), log);
    }

    @Test
    void tick_stillAway_isReportedEachTimeTheTimeHasDoubled() {
        blockFor(20_000);
        List<String> times = log.stream().map(line -> line.lines().findFirst().orElse("")).toList();
        assertEquals(
                List.of(
                        "worker 3 has been blocked for 1.1 s",
                        "worker 3 has been blocked for 2.3 s",
                        "worker 3 has been blocked for 4.7 s",
                        "worker 3 has been blocked for 9.5 s",
                        "worker 3 has been blocked for 19.1 s"),
                times);
    }

    @Test
    void tick_awayAgain_startsFromTheLimit() {
        blockFor(5_000);
        comeBack();
        log.clear();
        now += 1_000 * MILLI;
        reports.tick(now);
        reports.tick(now += TICK);
        blockFor(1_500);
        assertEquals(List.of("worker 3 has been blocked for 1.1 s\n" + TRACE), log);
    }

    @Test
    void tick_pythonDoesNotAnswer_isReportedWithoutTheStackAfterAWhile() {
        pythonAnswers = false;
        blockFor(1_900);
        assertEquals(List.of(), log);
        runFor(300);
        assertEquals(List.of("worker 3 has been blocked for 2.1 s" + NONE), log);
        assertEquals(1, asked);
    }

    @Test
    void tick_stackComesLate_isAReportOfItsOwn() {
        pythonAnswers = false;
        blockFor(2_400);
        log.clear();
        reports.stackTaken(TRACE, Culprit.UNKNOWN);
        runFor(100);
        assertEquals(List.of("worker 3 has been blocked for 2.4 s\n" + TRACE), log);
    }

    @Test
    void tick_pythonNeverAnswers_isReportedAsTheTimeDoubles() {
        pythonAnswers = false;
        blockFor(10_000);
        assertEquals(
                List.of(
                        "worker 3 has been blocked for 2.1 s" + NONE,
                        "worker 3 has been blocked for 4.3 s" + NONE,
                        "worker 3 has been blocked for 8.6 s" + NONE),
                log);
        assertEquals(1, asked, "a second question would bring the first one's answer");
    }

    @Test
    void tick_backBeforeTheStackWasRead_showsItAllTheSame() {
        pulse.ask(now);
        runFor(1_050);
        reports.tick(now); // asks, and the stack is there at once
        comeBack();
        assertEquals(
                List.of(
                        "worker 3 has been blocked for 1.1 s\n" + TRACE,
                        "worker 3 is back after 1.1 s"),
                log);
    }

    @Test
    void tick_backBeforePythonAnswers_saysSo() {
        pythonAnswers = false;
        blockFor(1_300);
        comeBack();
        assertEquals(List.of("worker 3 is back after 1.3 s, before its Python stack was had"), log);
    }

    @Test
    void stackTaken_afterTheReturn_isOfNoUse() {
        pythonAnswers = false;
        blockFor(1_300);
        comeBack();
        log.clear();
        reports.stackTaken("stale", Culprit.UNKNOWN);
        now += 500 * MILLI;
        blockFor(2_200);
        assertEquals(List.of("worker 3 has been blocked for 2.1 s" + NONE), log);
    }

    @Test
    void tick_clockWasHeldUpItself_givesTheLoopAnotherChance() {
        pulse.ask(now);
        reports.tick(now);
        now += 60_000 * MILLI; // the process was stopped
        reports.tick(now);
        pulse.answer(now += MILLI);
        runFor(1_000);
        assertEquals(List.of(), log);
        assertEquals(0, asked);
    }

    @Test
    void tick_clockIsAlwaysLate_stillReports() {
        pulse.ask(now);
        for (int i = 0; i < 4; i++) {
            reports.tick(now += 800 * MILLI);
        }
        reports.tick(now += TICK);
        assertEquals(1, asked);
        assertEquals(1, log.size());
    }

    @Test
    void tick_withoutALimit_reportsNothing() {
        reports = reports(0);
        blockFor(100_000);
        comeBack();
        assertEquals(List.of(), log);
        assertEquals(0, asked);
        assertFalse(reports.hung(now));
    }

    @Test
    void hung_isTrueBeyondTheLimitAndUntilTheReturn() {
        pulse.ask(now);
        assertFalse(reports.hung(now + 1_000 * MILLI));
        assertTrue(reports.hung(now + 1_001 * MILLI));
        pulse.answer(now + 1_002 * MILLI);
        assertFalse(reports.hung(now + 1_003 * MILLI));
    }
}
