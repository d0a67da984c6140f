package io.spvn.bridge.embedded;

import io.spvn.bridge.python.CPython;
import io.spvn.bridge.python.Values;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Ready `(name, value)` tuples for header fields that recur from request to request, and ready
/// `bytes` for their names.
///
/// Both tables are direct-mapped and of fixed size: a new field takes the place of another. Long
/// values are not kept, and neither are credentials. Worker thread only; it owns a reference to
/// each object in it.
final class FieldCache {
    private static final int SIZE = 1024;
    private static final int LONGEST = 192;
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final byte[][] UNCACHED = {
        "cookie".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
        "authorization".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
        "proxy-authorization".getBytes(java.nio.charset.StandardCharsets.US_ASCII)
    };

    private final byte[][] fieldKeys = new byte[SIZE][];
    private final int[] fieldNameLengths = new int[SIZE];
    private final long[] fields = new long[SIZE];
    private final byte[][] nameKeys = new byte[SIZE][];
    private final long[] names = new long[SIZE];

    /// New reference to the tuple of a field whose name and value stand in `block`.
    long field(byte[] block, int nameStart, int nameEnd, int valueStart, int valueEnd) {
        int nameLength = nameEnd - nameStart;
        int length = nameLength + valueEnd - valueStart;
        if (length > LONGEST) {
            return make(block, nameStart, nameEnd, valueStart, valueEnd);
        }
        int slot =
                (hash(block, nameStart, nameEnd) * 31 + hash(block, valueStart, valueEnd))
                        & (SIZE - 1);
        byte[] key = fieldKeys[slot];
        if (key != null
                && fieldNameLengths[slot] == nameLength
                && Arrays.equals(key, 0, nameLength, block, nameStart, nameEnd)
                && Arrays.equals(key, nameLength, key.length, block, valueStart, valueEnd)) {
            CPython.incRef(fields[slot]);
            return fields[slot];
        }
        long made = make(block, nameStart, nameEnd, valueStart, valueEnd);
        if (cacheable(block, nameStart, nameEnd)) {
            keep(slot, made, join(block, nameStart, nameEnd, valueStart, valueEnd), nameLength);
        }
        return made;
    }

    private void keep(int slot, long made, byte[] key, int nameLength) {
        CPython.incRef(made);
        long before = fields[slot];
        fields[slot] = made;
        fieldKeys[slot] = key;
        fieldNameLengths[slot] = nameLength;
        if (before != 0) {
            CPython.decRef(before);
        }
    }

    private long make(byte[] block, int nameStart, int nameEnd, int valueStart, int valueEnd) {
        long tuple = Values.require(CPython.tupleNew(2));
        try {
            Values.fill(tuple, 0, name(block, nameStart, nameEnd));
            Values.fill(tuple, 1, Values.bytes(block, valueStart, valueEnd - valueStart));
            return tuple;
        } catch (RuntimeException | Error failure) {
            CPython.decRef(tuple);
            throw failure;
        }
    }

    /// New reference to the bytes of a name.
    private long name(byte[] block, int from, int to) {
        if (to - from > LONGEST) {
            return Values.bytes(block, from, to - from);
        }
        int slot = hash(block, from, to) & (SIZE - 1);
        byte[] key = nameKeys[slot];
        if (key == null || !Arrays.equals(key, 0, key.length, block, from, to)) {
            byte[] name = Arrays.copyOfRange(block, from, to);
            long before = names[slot];
            names[slot] = Values.bytes(block, from, to - from);
            nameKeys[slot] = name;
            if (before != 0) {
                CPython.decRef(before);
            }
        }
        CPython.incRef(names[slot]);
        return names[slot];
    }

    private static boolean cacheable(byte[] block, int from, int to) {
        for (byte[] name : UNCACHED) {
            if (Arrays.equals(name, 0, name.length, block, from, to)) {
                return false;
            }
        }
        return true;
    }

    private static byte[] join(
            byte[] block, int nameStart, int nameEnd, int valueStart, int valueEnd) {
        byte[] key =
                Arrays.copyOf(
                        Arrays.copyOfRange(block, nameStart, nameEnd),
                        nameEnd - nameStart + valueEnd - valueStart);
        System.arraycopy(block, valueStart, key, nameEnd - nameStart, valueEnd - valueStart);
        return key;
    }

    /// Mixes length, first and last bytes: cheap, and enough to tell fields apart.
    private static int hash(byte[] block, int from, int to) {
        int length = to - from;
        if (length < Long.BYTES) {
            int hash = length;
            for (int i = from; i < to; i++) {
                hash = hash * 31 + block[i];
            }
            return hash ^ hash >>> 10;
        }
        long mixed =
                (long) LONGS.get(block, from) * 0x9E3779B97F4A7C15L
                        + (long) LONGS.get(block, to - Long.BYTES)
                        + length;
        mixed *= 0xC2B2AE3D27D4EB4FL;
        return (int) (mixed >>> 40);
    }
}
