package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.Exchange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The exchanges that a worker's Python code knows by number.
///
/// A number is a slot and a generation: a slot is used again, but a number never is, so a `send`
/// that outlives its request cannot reach another one. Worker thread only, but for what is marked.
public final class ExchangeTable {
    private static final int SLOT_BITS = 24;
    private static final long SLOT_MASK = (1L << SLOT_BITS) - 1;

    private @Nullable Exchange[] exchanges = new Exchange[64];
    private long[] numbers = new long[64];
    private int[] free = new int[64];
    private int freeCount;
    private long generation;
    private volatile int size;

    /// An empty one.
    public ExchangeTable() {
        release(0, 64);
    }

    /// Enters an exchange and returns its number.
    public long add(Exchange exchange) {
        if (freeCount == 0) {
            grow();
        }
        int slot = free[--freeCount];
        long number = (++generation << SLOT_BITS) | slot;
        exchanges[slot] = exchange;
        numbers[slot] = number;
        count(1);
        return number;
    }

    /// The exchange that has this number, null when none has it any more.
    public @Nullable Exchange get(long number) {
        int slot = (int) (number & SLOT_MASK);
        return slot < numbers.length && numbers[slot] == number ? exchanges[slot] : null;
    }

    /// Takes out the exchange that has this number, null when none has it any more.
    public @Nullable Exchange remove(long number) {
        Exchange exchange = get(number);
        if (exchange != null) {
            int slot = (int) (number & SLOT_MASK);
            exchanges[slot] = null;
            numbers[slot] = 0;
            free[freeCount++] = slot;
            count(-1);
        }
        return exchange;
    }

    /// All exchanges in it.
    public List<Exchange> all() {
        List<Exchange> found = new ArrayList<>();
        for (Exchange exchange : exchanges) {
            if (exchange != null) {
                found.add(exchange);
            }
        }
        return found;
    }

    /// All exchanges in it, as another thread sees them: one that comes or goes at this moment may
    /// be missing or still be there.
    public List<Exchange> seen() {
        return size == 0 ? List.of() : all(); // what was written before `size` can be seen after it
    }

    /// Exchanges that were ever in it; for any thread.
    public long added() {
        return size < 0 ? 0 : generation; // likewise
    }

    /// Exchanges in it; for any thread.
    public int size() {
        return size;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the worker thread alone
    private void count(int change) {
        size += change;
    }

    private void grow() {
        int before = numbers.length;
        exchanges = Arrays.copyOf(exchanges, before * 2);
        numbers = Arrays.copyOf(numbers, before * 2);
        free = new int[before * 2];
        release(before, before * 2);
    }

    private void release(int from, int to) {
        for (int slot = to - 1; slot >= from; slot--) {
            free[freeCount++] = slot;
        }
    }
}
