package io.spvn.loadtest.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private final InFlight inFlight = new InFlight();

    private List<Connection> added(int count) {
        List<Connection> connections = Plans.connections(count);
        for (int i = 0; i < count; i++) {
            connections.get(i).due = 10L * i;
            inFlight.add(connections.get(i));
        }
        return connections;
    }

    @Test
    void empty_hasNothingDue() {
        assertEquals(0, inFlight.size());
        assertFalse(inFlight.hasDueBy(Long.MAX_VALUE));
    }

    @Test
    void hasDueBy_looksAtTheOldest() {
        List<Connection> connections = added(3);
        inFlight.remove(connections.get(0));
        assertFalse(inFlight.hasDueBy(9));
        assertTrue(inFlight.hasDueBy(10));
        assertSame(connections.get(1), inFlight.oldest());
    }

    @Test
    void remove_inWhateverOrder_keepsTheOrderOfTheRest() {
        Random random = new Random(7);
        List<Connection> left = new ArrayList<>(added(50));
        while (!left.isEmpty()) {
            assertSame(left.getFirst(), inFlight.oldest());
            assertEquals(left.size(), inFlight.size());
            inFlight.remove(left.remove(random.nextInt(left.size())));
        }
        assertEquals(0, inFlight.size());
        assertFalse(inFlight.hasDueBy(Long.MAX_VALUE));
    }

    @Test
    void add_afterRemove_goesToTheEnd() {
        List<Connection> connections = added(2);
        Connection first = connections.get(0);
        inFlight.remove(first);
        first.due = 20;
        inFlight.add(first);
        assertSame(connections.get(1), inFlight.oldest());
        inFlight.remove(connections.get(1));
        assertSame(first, inFlight.oldest());
        inFlight.remove(first);
        assertFalse(inFlight.hasDueBy(Long.MAX_VALUE));
    }
}
