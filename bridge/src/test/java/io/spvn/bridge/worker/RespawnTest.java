package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RespawnTest {
    private final Respawn respawn = new Respawn();

    private long delayAfterEnd(boolean steady) {
        respawn.ended(1_000, steady);
        assertEquals(1_000 + respawn.delay().toNanos(), respawn.due());
        return respawn.delay().toMillis();
    }

    @Test
    void endsInARow_areFollowedLaterAndLater() {
        assertEquals(
                List.of(0L, 100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 10_000L, 10_000L),
                IntStream.range(0, 10).mapToObj(_ -> delayAfterEnd(false)).toList());
        IntStream.range(0, 100).forEach(_ -> assertEquals(10_000, delayAfterEnd(false)));
    }

    @Test
    void theEndOfOneThatDidItsWork_isTheFirstOfARow() {
        delayAfterEnd(false);
        delayAfterEnd(false);
        assertEquals(0, delayAfterEnd(true));
        assertEquals(100, delayAfterEnd(false));
    }
}
