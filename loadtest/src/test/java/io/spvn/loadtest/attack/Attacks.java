package io.spvn.loadtest.attack;

import static io.spvn.loadtest.attack.Plans.addsUp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;

/// Attacks over real sockets, and what is said of them.
final class Attacks {
    static final Duration LONG = Duration.ofSeconds(10);
    static final byte[] NOTHING = {};

    private Attacks() {}

    static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }

    static Run run(ScriptedServer server, Load load, Duration duration) {
        return run(server, Request.get(), load, duration, LONG);
    }

    static Run run(
            ScriptedServer server,
            Request request,
            Load load,
            Duration duration,
            Duration timeout) {
        return run(new Plan(server.target(), request, load, duration, timeout));
    }

    static Run run(Plan plan) {
        return addsUp(new Attack(plan).run(_ -> {}));
    }

    static void assertAllAnswered(long requests, Run run) {
        assertEquals(Map.of(), run.errors());
        assertEquals(Map.of(200, requests), run.statuses());
        assertEquals(requests, run.requests());
        assertFalse(run.stopped());
    }

    static long failures(Run run, ErrorKind kind) {
        return run.errors().getOrDefault(kind, 0L);
    }

    static void assertBetween(double least, double most, long nanos, String name) {
        double millis = nanos / 1e6;
        assertTrue(least <= millis && millis <= most, name + ": " + millis + " ms");
    }
}
