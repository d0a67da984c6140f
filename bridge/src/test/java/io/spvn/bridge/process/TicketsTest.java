package io.spvn.bridge.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.worker.Requests;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TicketsTest {
    private final Tickets tickets = new Tickets();
    private final HttpExchange exchange = Requests.request();

    @Test
    void eachIsFoundByItsNumber_untilItIsRemoved() {
        List<Ticket> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            all.add(tickets.add(Requests.request()));
        }
        assertEquals(1000, tickets.size());
        for (Ticket ticket : all) {
            assertSame(ticket, tickets.get(ticket.number));
            assertSame(ticket, tickets.remove(ticket.number));
            assertNull(tickets.get(ticket.number));
            assertNull(tickets.remove(ticket.number));
        }
        assertEquals(0, tickets.size());
    }

    @Test
    void aNumber_doesNotComeAgainSoon() {
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 200_000; i++) {
            Ticket ticket = tickets.add(exchange);
            assertTrue(seen.add(ticket.number), "again after " + i);
            assertNotNull(tickets.remove(ticket.number));
        }
    }

    @Test
    void thoseThatStay_areNotInTheWay() {
        List<Ticket> staying = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            Ticket ticket = tickets.add(exchange);
            if (i % 100 == 0) {
                staying.add(ticket);
            } else {
                assertSame(ticket, tickets.remove(ticket.number));
            }
        }
        assertEquals(staying.size(), tickets.size());
        staying.forEach(ticket -> assertSame(ticket, tickets.get(ticket.number)));
    }

    @Test
    void moreThanConnectionsCanBe_fit() {
        for (int i = 0; i < 200_000; i++) {
            assertEquals(exchange, tickets.add(exchange).exchange);
        }
        assertEquals(200_000, tickets.size());
        assertEquals(200_000, tickets.removeAll().size());
        assertEquals(0, tickets.size());
    }

    @Test
    void aNumberThatWasNeverGiven_isNobodys() {
        int number = tickets.add(exchange).number;
        for (long other :
                new long[] {-1, 0, number + 64, number - 64, number | 1L << 32, Long.MIN_VALUE}) {
            assertNotEquals(number, other);
            assertNull(tickets.get(other));
            assertNull(tickets.remove(other));
        }
    }

    @Test
    void numbersGoOn_behindThoseThatWereRemovedAtOnce() {
        int before = tickets.add(exchange).number;
        assertEquals(1, tickets.removeAll().size());
        assertNull(tickets.get(before));
        assertNotEquals(before, tickets.add(exchange).number);
    }
}
