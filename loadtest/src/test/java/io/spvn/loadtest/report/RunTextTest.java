package io.spvn.loadtest.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.loadtest.attack.Load;
import io.spvn.loadtest.attack.Pacer;
import io.spvn.loadtest.attack.Run;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RunTextTest {
    private static final Pattern SCIENTIFIC = Pattern.compile("\\d[eE][+-]?\\d");

    private static void assertSays(Run run, String... parts) {
        String text = RunText.of(run);
        for (String part : parts) {
            assertTrue(text.contains(part), text);
        }
    }

    @Test
    void goodRun_isAReportWithoutWarnings() {
        assertEquals(
                """
                GET http://127.0.0.1:8000/a?b
                open loop, 5,000 req/s over 64 connections

                requests   50,000 in 10.02 s
                responses  50,000, 4,990.0 a second
                2xx        50,000, 4,990.0 a second
                success    100.000 %
                statuses   200: 50,000
                errors     none
                sent       3.81 MiB
                received   2.79 GiB

                                 mean        p50        p90        p99      p99.9     p99.99        max
                latency        200 us     300 us     500 us     700 us     800 us     900 us    1.00 ms
                service        100 us     150 us     250 us     350 us     400 us     450 us     500 us
                lag           0.02 us    0.03 us    0.05 us    0.07 us    0.08 us    0.09 us    0.10 us

                latency: from when a request was due; service: from when it had a connection;
                lag: of this program, from when a request could be sent to when it was
                """,
                RunText.of(Runs.good(Runs.OPEN)));
    }

    @Test
    void closedLoop_hasOneKindOfTimes() {
        String text = RunText.of(Runs.good(Runs.CLOSED));
        assertTrue(text.contains("\nclosed loop, 64 connections\n"), text);
        assertTrue(text.contains("\nlatency "), text);
        assertFalse(text.contains("service"), text);
        assertFalse(text.contains("lag"), text);
    }

    @Test
    void badRun_saysWhatIsMissingFromItsTimes() {
        assertSays(
                Runs.bad(),
                ", stopped early\n",
                "2xx        39,990, 3,991.0 a second\n",
                "success    79.996 %\n",
                "statuses   200: 39,990, 503: 5,000\n",
                "errors     connection refused: 4,000, no response in time: 1,000\n",
                "unfinished 10\n",
                "  of 2xx ",
                "  of 5xx ",
                "5,000 requests (10.000 %) had no response and are not in these percentiles.\n");
    }

    @Test
    void successRatio_isOnlyWholeIfAllSucceeded() {
        assertSays(Runs.nearlyGood(), "success    99.999 %\n", "200: 9,999,999, 500: 1\n");
    }

    @Test
    void lateGenerator_isSaid() {
        assertSays(Runs.bad(), "This program was late itself (see lag)");
        assertFalse(RunText.of(Runs.good(Runs.OPEN)).contains("late itself"));
    }

    @Test
    void nothingAnswered_showsNoTimes() {
        String text = RunText.of(Runs.silent());
        assertTrue(text.contains("\nlatency    none\n"), text);
        assertTrue(text.contains("errors     no free connection in time: 50,000\n"), text);
        assertTrue(text.contains("success    0.000 %\n"), text);
        assertFalse(text.contains("0.00 us"), text);
        assertTrue(text.contains("50,000 requests (100.000 %) had no response"), text);
    }

    @Test
    void loads_areNamedAsTheyWereAskedFor() {
        Duration over = Duration.ofSeconds(10);
        Load ramp = new Load.Open(new Pacer.Ramp(0.5, 5_000, over), 1_000);
        assertSays(Runs.good(ramp), "\nopen loop, 0.5 to 5,000 req/s over 1,000 connections\n");
        Load slow = new Load.Open(new Pacer.Constant(2.5), 1);
        assertSays(Runs.good(slow), "\nopen loop, 2.5 req/s over 1 connection\n");
    }

    @Test
    void text_ofEveryRun_isPlainAndEndsWithItsLine() {
        for (Run run : List.of(Runs.good(Runs.OPEN), Runs.bad(), Runs.silent())) {
            String text = RunText.of(run);
            assertFalse(SCIENTIFIC.matcher(text).find(), text);
            assertTrue(text.endsWith(".\n") || text.endsWith("was\n"), text);
            assertTrue(text.lines().allMatch(line -> line.equals(line.stripTrailing())), text);
            assertEquals(Set.of(text), Set.copyOf(Locales.everywhere(() -> RunText.of(run))));
        }
    }
}
