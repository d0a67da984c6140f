package io.spvn.server.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.Rejected;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whatever comes first: a connection ends in one way.
@Timeout(20)
class EndingOrderTest {
    private enum Step {
        RESET,
        READER_SEES_IT,
        LAST_WRITE,
        NEXT_IS_EXPECTED,
        DEADLINE
    }

    /// The client resets, the reader notices, a responder writes the end of the response, the
    /// reader expects another request, and time passes: in every order.
    @Test
    void resetAndLastWriteAndDeadline_inEveryOrder_endInOneWay() {
        for (List<Step> order : permutations(List.of(Step.values()))) {
            new Run().all(order);
        }
    }

    /// One connection, and one order of events.
    private static final class Run {
        private final HandClock time = new HandClock();
        private final FakeSocket socket = new FakeSocket();
        private final FakeConversation conversation = new FakeConversation();
        private final List<Rejected> refusals = new ArrayList<>();
        private final SocketInput input = new SocketInput(socket, time.registry);
        private final SocketOutput output =
                new SocketOutput(socket, time.registry, EndingTest.TIMEOUTS.write());
        private final Ending ending =
                new Ending(
                        socket,
                        time.registry,
                        new ClientClock(time.registry, EndingTest.TIMEOUTS),
                        output,
                        () -> conversation,
                        refusals::add);

        void all(List<Step> order) {
            assertTrue(time.registry.add(ending));
            ending.expect(Due.REQUEST);
            order.forEach(this::step);
            String what = order.toString();
            time.pass(Duration.ofSeconds(3));
            assertFalse(socket.isOpen(), what);
            assertTrue(ending.isLast(), what);
            assertTrue(conversation.breaks > 0, what);
            assertTrue(socket.outputEnds() <= 1, what);
            assertTrue(refusals.size() <= 1, what);
            assertEquals(List.of(), conversation.late, what);
            int before = refusals.size();
            time.pass(Duration.ofMinutes(2));
            assertEquals(before, refusals.size(), what + ": refused when it was over");
        }

        private void step(Step step) {
            switch (step) {
                case RESET -> socket.reset();
                case READER_SEES_IT -> read();
                case LAST_WRITE -> write();
                case NEXT_IS_EXPECTED -> ending.expect(Due.REQUEST);
                case DEADLINE -> time.pass(Duration.ofSeconds(61));
            }
        }

        /// As the reader's thread does it.
        private void read() {
            socket.ends();
            try {
                input.fill();
            } catch (UncheckedIOException broken) {
                ending.breakOff();
            }
        }

        /// As a responder does it.
        private void write() {
            try {
                output.write(new byte[] {1}, 1);
                ending.finish();
            } catch (UncheckedIOException broken) {
                ending.breakOff();
            }
        }
    }

    private static <T> List<List<T>> permutations(List<T> of) {
        if (of.isEmpty()) {
            return List.of(List.of());
        }
        List<List<T>> all = new ArrayList<>();
        for (T first : of) {
            List<T> rest = new ArrayList<>(of);
            rest.remove(first);
            for (List<T> tail : permutations(rest)) {
                List<T> order = new ArrayList<>(tail);
                order.addFirst(first);
                all.add(order);
            }
        }
        return all;
    }
}
