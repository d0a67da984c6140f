package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.worker.WorkerSettings.Supervision;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a worker has done enough of, and when.
class RecyclingTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private static Tenure tenure(Supervision settings) {
        Tenure tenure = new Recycling(settings, new Random(1)).tenure();
        tenure.begin(0);
        return tenure;
    }

    private static void take(Tenure tenure, int requests) {
        ExchangeListener listener = tenure.counting(ExchangeListener.NONE);
        for (int i = 0; i < requests; i++) {
            listener.started(0);
        }
    }

    @Test
    void withoutLimits_nothingIsEnough() {
        Tenure tenure = tenure(Supervision.DEFAULT);
        take(tenure, 1000);
        assertNull(tenure.exceeded(Duration.ofDays(300).toNanos()));
    }

    @Test
    void requests_areCounted() {
        Tenure tenure = tenure(new Supervision(10, 0, Duration.ZERO, 0, HangAction.REPORT));
        take(tenure, 9);
        assertNull(tenure.exceeded(0));
        take(tenure, 1);
        assertEquals(RestartReason.MAX_REQUESTS, tenure.exceeded(0));
    }

    @Test
    void jitter_isMore_andDiffers() {
        Recycling recycling =
                new Recycling(
                        new Supervision(10, 5, Duration.ZERO, 0, HangAction.REPORT), new Random(1));
        List<Integer> limits =
                Stream.generate(recycling::tenure).limit(100).map(RecyclingTest::limit).toList();
        assertEquals(List.of(10, 11, 12, 13, 14, 15), limits.stream().distinct().sorted().toList());
    }

    private static int limit(Tenure tenure) {
        tenure.begin(0);
        int taken = 0;
        while (tenure.exceeded(0) == null) {
            take(tenure, 1);
            taken++;
        }
        return taken;
    }

    @Test
    void lifetime_isAtMostThat_andUpToATenthLess() {
        Recycling recycling =
                new Recycling(new Supervision(0, 0, HOUR, 0, HangAction.REPORT), new Random(1));
        List<Tenure> tenures = Stream.generate(recycling::tenure).limit(100).toList();
        tenures.forEach(tenure -> tenure.begin(0));
        long before = HOUR.toNanos() / 10 * 9 - 1;
        assertTrue(tenures.stream().allMatch(tenure -> tenure.exceeded(before) == null));
        assertTrue(
                tenures.stream()
                        .allMatch(each -> each.exceeded(HOUR.toNanos()) == RestartReason.LIFETIME));
        long between = HOUR.toNanos() / 100 * 95;
        long gone = tenures.stream().filter(each -> each.exceeded(between) != null).count();
        assertTrue(gone > 20 && gone < 80, gone + " of 100 at once");
    }

    @Test
    void memory_isThatOfTheProcess() {
        Tenure tenure = tenure(new Supervision(0, 0, Duration.ZERO, 1 << 20, HangAction.REPORT));
        WorkerStatus status = WorkerStatus.unknown(0);
        tenure.tick(status, 0, 1);
        assertNull(tenure.exceeded(1));
        tenure.tick(status, ProcessHandle.current().pid(), 2);
        assertTrue(tenure.resident() > 1 << 20);
        assertEquals(RestartReason.RSS, tenure.exceeded(2));
    }

    @Test
    void memory_isLookedAtOnceASecond() {
        Tenure tenure = tenure(new Supervision(0, 0, Duration.ZERO, 1 << 20, HangAction.REPORT));
        WorkerStatus status = WorkerStatus.unknown(0);
        long noProcess = Long.MAX_VALUE;
        tenure.tick(status, noProcess, 0);
        tenure.tick(status, ProcessHandle.current().pid(), 999_999_999);
        assertEquals(0, tenure.resident());
        tenure.tick(status, ProcessHandle.current().pid(), 1_000_000_000);
        assertTrue(tenure.resident() > 0);
    }

    @Test
    void oneThatNobodyCouldFollow_goesOnForAWhile() {
        Tenure tenure = tenure(new Supervision(1, 0, Duration.ZERO, 0, HangAction.REPORT));
        take(tenure, 1);
        tenure.postpone(100);
        assertNull(tenure.exceeded(99));
        assertEquals(RestartReason.MAX_REQUESTS, tenure.exceeded(100));
    }

    // ---- hanging

    private static final WorkerStatus HUNG =
            new WorkerStatus(
                    0,
                    WorkerState.SERVING,
                    true,
                    Duration.ZERO,
                    Duration.ZERO,
                    0,
                    WorkerStatus.Host.UNKNOWN);

    private static long millis(long millis) {
        return millis * 1_000_000;
    }

    @Test
    void hangs_onceTheReportOfItIsOut() {
        Tenure tenure = tenure(Supervision.DEFAULT);
        for (long at = 0; at <= 1500; at += 100) {
            tenure.tick(HUNG, 0, millis(at));
            assertEquals(false, tenure.hangs(millis(at)), at + " ms");
        }
        tenure.tick(HUNG, 0, millis(1600));
        assertTrue(tenure.hangs(millis(1600)));
    }

    @Test
    void hangs_notWhenItCameBackMeanwhile() {
        Tenure tenure = tenure(Supervision.DEFAULT);
        for (long at = 0; at <= 3000; at += 100) {
            tenure.tick(at == 1500 ? WorkerStatus.unknown(0) : HUNG, 0, millis(at));
            assertEquals(false, tenure.hangs(millis(at)), at + " ms");
        }
    }

    @Test
    void hangs_notWhenTheClockWasHeldUpAsWell() {
        Tenure tenure = tenure(Supervision.DEFAULT);
        tenure.tick(HUNG, 0, millis(0));
        tenure.tick(HUNG, 0, millis(60_000));
        assertEquals(false, tenure.hangs(millis(60_000)));
    }
}
