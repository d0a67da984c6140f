package io.spvn.bridge.process;

import io.spvn.bridge.exchange.Exchange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The exchanges that a child knows by number. For any thread.
///
/// A number is a slot and how often that was used, in 31 bits: one comes again, but not soon, so
/// what is late does not reach another exchange.
final class Tickets {
    private static final int SLOT_BITS = 17;
    private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;

    private @Nullable Ticket[] slots = new Ticket[64];
    private int[] free = new int[64];
    private int freeCount;
    private int used;
    private int generation;
    private volatile int size;

    /// Enters an exchange.
    ///
    /// @throws IllegalStateException when there are too many
    synchronized Ticket add(Exchange exchange) {
        int slot = freeCount > 0 ? free[--freeCount] : newSlot();
        generation = generation + 1 & Integer.MAX_VALUE >> SLOT_BITS;
        Ticket ticket = new Ticket(exchange, generation << SLOT_BITS | slot);
        slots[slot] = ticket;
        size++;
        return ticket;
    }

    synchronized @Nullable Ticket get(long number) {
        int slot = (int) number & SLOT_MASK;
        Ticket ticket = slot < used && number >= 0 ? slots[slot] : null;
        return ticket != null && ticket.number == number ? ticket : null;
    }

    synchronized @Nullable Ticket remove(long number) {
        Ticket ticket = get(number);
        if (ticket != null) {
            int slot = (int) number & SLOT_MASK;
            slots[slot] = null;
            free[freeCount++] = slot;
            size--;
        }
        return ticket;
    }

    synchronized List<Ticket> removeAll() {
        List<Ticket> all = new ArrayList<>();
        for (int slot = 0; slot < used; slot++) {
            Ticket ticket = slots[slot];
            if (ticket != null) {
                all.add(ticket);
                remove(ticket.number);
            }
        }
        return all;
    }

    /// Exchanges in it.
    int size() {
        return size;
    }

    private int newSlot() {
        if (used > SLOT_MASK) {
            throw new IllegalStateException("more than " + used + " requests in one worker");
        }
        if (used == slots.length) {
            slots = Arrays.copyOf(slots, used * 2);
            free = Arrays.copyOf(free, used * 2);
        }
        return used++;
    }
}
