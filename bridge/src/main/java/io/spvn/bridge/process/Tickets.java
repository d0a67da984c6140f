package io.spvn.bridge.process;

import io.spvn.bridge.exchange.Exchange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The exchanges that a child knows by number. For any thread.
///
/// Numbers of 31 bits are given in turn, but for those whose place in the table is taken: one does
/// not come again for hours, so what is late does not reach another exchange.
final class Tickets {
    private @Nullable Ticket[] table = new Ticket[64]; // by the last bits of the numbers
    private int last;
    private long added;
    private volatile int size;

    /// Enters an exchange.
    synchronized Ticket add(Exchange exchange) {
        if (size * 2 >= table.length) {
            grow();
        }
        do {
            last = last + 1 & Integer.MAX_VALUE;
        } while (table[last & table.length - 1] != null);
        Ticket ticket = new Ticket(exchange, last);
        table[last & table.length - 1] = ticket;
        size++;
        added++;
        return ticket;
    }

    synchronized @Nullable Ticket get(long number) {
        Ticket ticket = table[(int) number & table.length - 1];
        return ticket != null && ticket.number == number ? ticket : null;
    }

    synchronized @Nullable Ticket remove(long number) {
        Ticket ticket = get(number);
        if (ticket != null) {
            table[ticket.number & table.length - 1] = null;
            size--;
        }
        return ticket;
    }

    synchronized List<Ticket> removeAll() {
        List<Ticket> all = new ArrayList<>();
        for (Ticket ticket : table) {
            if (ticket != null) {
                all.add(ticket);
            }
        }
        table = new Ticket[64];
        size = 0;
        return all;
    }

    /// Those in it.
    synchronized List<Exchange> exchanges() {
        List<Exchange> all = new ArrayList<>();
        for (Ticket ticket : table) {
            if (ticket != null) {
                all.add(ticket.exchange);
            }
        }
        return all;
    }

    /// Exchanges that were ever in it.
    synchronized long added() {
        return added;
    }

    /// Exchanges in it.
    int size() {
        return size;
    }

    private void grow() {
        @Nullable Ticket[] larger = new Ticket[table.length * 2];
        for (Ticket ticket : table) {
            if (ticket != null) {
                larger[ticket.number & larger.length - 1] = ticket;
            }
        }
        table = larger;
    }
}
