package io.spvn.bridge.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ResponseSink;
import io.spvn.bridge.worker.Requests;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final long SLICE = Outbox.SLICE_NANOS;

    private final List<String> events = new ArrayList<>();
    private boolean loopRuns = true;
    private final Outbox outbox =
            new Outbox(
                    new ResponseSink() {
                        @Override
                        public void ready(Exchange exchange) {
                            events.add("ready");
                        }

                        @Override
                        public void flush() {
                            events.add("written");
                        }

                        @Override
                        public void tick() {}

                        @Override
                        public void close() {}
                    },
                    () -> {
                        events.add("asked for the end of the turn");
                        return loopRuns;
                    });

    private void ready(long now) {
        outbox.ready(Requests.request(), now);
    }

    @Test
    void inABatch_isHandedOverAtItsEnd() {
        outbox.beginBatch();
        ready(0);
        ready(SLICE);
        outbox.flush();
        assertEquals(List.of("ready", "ready", "written"), events);
    }

    @Test
    void inALongBatch_isHandedOverOnceInASlice() {
        outbox.beginBatch();
        ready(0);
        ready(SLICE + 1);
        ready(SLICE + 2);
        ready(2 * SLICE + 2);
        outbox.flush();
        assertEquals(
                List.of("ready", "ready", "written", "ready", "ready", "written", "written"),
                events);
    }

    @Test
    void outsideOfABatch_isHandedOverAtTheEndOfTheTurn() {
        ready(0);
        ready(1);
        outbox.flush();
        assertEquals(List.of("ready", "asked for the end of the turn", "ready", "written"), events);
    }

    @Test
    void afterABatch_itsEndIsOver() {
        outbox.beginBatch();
        outbox.flush();
        ready(0);
        assertEquals(List.of("ready", "asked for the end of the turn"), events);
    }

    @Test
    void fromAThreadWithoutLoop_isHandedOverAtOnce() {
        loopRuns = false;
        ready(0);
        outbox.flush();
        assertEquals(List.of("ready", "asked for the end of the turn", "written"), events);
    }

    @Test
    void withNothingSent_thereIsNothingToHandOver() {
        outbox.beginBatch();
        outbox.flush();
        assertEquals(List.of(), events);
    }
}
