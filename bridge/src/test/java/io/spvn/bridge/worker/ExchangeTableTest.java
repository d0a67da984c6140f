package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.spvn.bridge.exchange.Exchange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExchangeTableTest {
    private final ExchangeTable table = new ExchangeTable();

    @Test
    void remove_thenAdd_usesTheSlotUnderANewNumber() {
        long first = table.add(exchange());
        table.remove(first);
        Exchange second = exchange();
        long number = table.add(second);
        assertNotEquals(first, number);
        assertNull(table.get(first));
        assertSame(second, table.get(number));
    }

    @Test
    void get_unknownNumbers_null() {
        table.add(exchange());
        assertNull(table.get(-1));
        assertNull(table.get(0));
        assertNull(table.get(Long.MAX_VALUE));
    }

    @Test
    void add_many_growsAndKeepsAll() {
        Map<Long, Exchange> known = new HashMap<>();
        for (int i = 0; i < 1000; i++) {
            Exchange exchange = exchange();
            known.put(table.add(exchange), exchange);
        }
        assertEquals(1000, table.size());
        known.forEach((number, exchange) -> assertSame(exchange, table.get(number)));
        known.keySet().forEach(table::remove);
        assertEquals(0, table.size());
    }

    @Test
    void all_areThoseThatAreIn() {
        Exchange first = exchange();
        Exchange second = exchange();
        long number = table.add(first);
        table.add(second);
        table.remove(number);
        assertEquals(List.of(second), table.all());
    }

    private static Exchange exchange() {
        return Requests.request();
    }
}
