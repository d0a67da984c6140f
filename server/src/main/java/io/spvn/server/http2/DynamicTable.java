package io.spvn.server.http2;

import java.util.Arrays;

/// The fields that encoder and decoder of a connection have in common beside the static ones (RFC
/// 7541 2.3.2, 4): the newest first, the oldest give way. A ring that grows with what is in it.
/// Used by one thread at a time.
final class DynamicTable {
    /// What an entry takes beside its octets (RFC 7541 4.1).
    static final int ENTRY_OVERHEAD = 32;

    private static final byte[] NOTHING = {};
    private static final int FIRST_CAPACITY = 8;

    /// Names and values in turn; its length is a power of two, or 0.
    private byte[][] ring = {};

    /// The index of the newest name, before [#count] others.
    private int newest;

    private int count;
    private int size;
    private int limit;

    DynamicTable(int limit) {
        this.limit = limit;
    }

    /// How many entries there are.
    int count() {
        return count;
    }

    /// The size that the entries have, and may have.
    int size() {
        return size;
    }

    int limit() {
        return limit;
    }

    /// Lets entries go until the rest fits.
    void limit(int octets) {
        limit = octets;
        evict(limit);
    }

    /// A name by its age, 0 for the newest.
    byte[] name(int age) {
        return ring[(newest + 2 * age) & (ring.length - 1)];
    }

    byte[] value(int age) {
        return ring[(newest + 2 * age + 1) & (ring.length - 1)];
    }

    /// Whether a field can become an entry at all.
    boolean fits(int nameLength, int valueLength) {
        return (long) nameLength + valueLength + ENTRY_OVERHEAD <= limit;
    }

    /// Adds a field, for which others give way. One that does not fit empties the table (RFC 7541
    /// 4.4).
    void add(byte[] name, byte[] value) {
        if (!fits(name.length, value.length)) {
            evict(0);
            return;
        }
        int octets = name.length + value.length + ENTRY_OVERHEAD;
        evict(limit - octets);
        if (2 * count == ring.length) {
            grow();
        }
        newest = (newest - 2) & (ring.length - 1);
        ring[newest] = name;
        ring[newest + 1] = value;
        count++;
        size += octets;
    }

    /// Empties it.
    void clear() {
        evict(0);
    }

    private void evict(int octets) {
        while (size > octets) {
            int oldest = (newest + 2 * (count - 1)) & (ring.length - 1);
            size -= ring[oldest].length + ring[oldest + 1].length + ENTRY_OVERHEAD;
            ring[oldest] = NOTHING;
            ring[oldest + 1] = NOTHING;
            count--;
        }
    }

    private void grow() {
        byte[][] larger = new byte[Math.max(2 * FIRST_CAPACITY, 2 * ring.length)][];
        Arrays.fill(larger, NOTHING);
        for (int age = 0; age < count; age++) {
            larger[2 * age] = name(age);
            larger[2 * age + 1] = value(age);
        }
        ring = larger;
        newest = 0;
    }
}
