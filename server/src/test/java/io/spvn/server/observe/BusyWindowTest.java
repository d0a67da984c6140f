package io.spvn.server.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BusyWindowTest {
    private final BusyWindow window = new BusyWindow();

    private void sample(int second, int busySeconds) {
        window.sample(nanos(second), Duration.ofSeconds(busySeconds));
    }

    private double ratio(int second, int busySeconds) {
        return window.ratio(nanos(second), Duration.ofSeconds(busySeconds));
    }

    private static long nanos(int second) {
        return Duration.ofSeconds(second).toNanos();
    }

    @Test
    void withoutASample_isZero() {
        assertEquals(0, ratio(5, 5));
    }

    @Test
    void atTheMomentOfTheFirstSample_isZero() {
        sample(5, 5);
        assertEquals(0, ratio(5, 5));
    }

    @Test
    void beforeItIsFull_countsFromTheFirstSample() {
        sample(100, 7);
        sample(101, 8);
        assertEquals(0.5, ratio(102, 8));
    }

    @Test
    void onceItIsFull_forgetsWhatIsOlder() {
        for (int second = 0; second < 50; second++) {
            sample(second, second); // always busy
        }
        for (int second = 50; second < 50 + BusyWindow.SAMPLES; second++) {
            sample(second, 50); // never
        }
        assertEquals(0, ratio(60, 50));
    }

    @Test
    void fullWindow_spansItsSamples() {
        for (int second = 0; second < 3 * BusyWindow.SAMPLES; second++) {
            sample(second, 0);
        }
        assertEquals(0.3, ratio(3 * BusyWindow.SAMPLES, 3));
    }

    @Test
    void clocksThatDisagree_staysBetweenZeroAndOne() {
        sample(0, 10);
        assertEquals(1, ratio(1, 20));
        assertEquals(0, ratio(1, 9));
    }

    @Test
    void anotherWorkerInItsPlace_beginsAnew() {
        sample(0, 10);
        sample(1, 11);
        sample(2, 0);
        assertEquals(0.5, ratio(4, 1));
    }
}
