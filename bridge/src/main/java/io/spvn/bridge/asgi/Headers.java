package io.spvn.bridge.asgi;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// Header fields in the order of the wire. Immutable and cheap: bounds into one block of bytes, no
/// object per field. Whoever builds it gives the block away and must not write to it again.
public final class Headers {
    private static final int STRIDE = 4;
    private static final int NAME_START = 0;
    private static final int NAME_END = 1;
    private static final int VALUE_START = 2;
    private static final int VALUE_END = 3;

    public static final Headers EMPTY = new Headers(new byte[0], new int[0]);

    private final byte[] block;
    private final int[] bounds;

    private Headers(byte[] block, int[] bounds) {
        this.block = block;
        this.bounds = bounds;
    }

    /// Starts a list of fields whose names and values all lie in `block`.
    public static Builder over(byte[] block, int expectedFields) {
        return new Builder(block, expectedFields);
    }

    /// Headers from `name, value, name, value, ...`, each checked by [HeaderSyntax].
    public static Headers of(byte[]... nameValuePairs) {
        if (nameValuePairs.length % 2 != 0) {
            throw new IllegalArgumentException("the last header name has no value");
        }
        Builder fields = over(joined(nameValuePairs), nameValuePairs.length / 2);
        int at = 0;
        for (int i = 0; i < nameValuePairs.length; i += 2) {
            int colon = at + nameValuePairs[i].length;
            int end = colon + nameValuePairs[i + 1].length;
            HeaderSyntax.requireName(fields.block, at, colon);
            HeaderSyntax.requireValue(fields.block, colon, end);
            fields.field(at, colon, colon, end);
            at = end;
        }
        return fields.build();
    }

    /// The bytes all bounds point into; they may hold more than the fields. Never written to.
    public byte[] block() {
        return block;
    }

    public int size() {
        return bounds.length / STRIDE;
    }

    public int nameStart(int field) {
        return bounds[field * STRIDE + NAME_START];
    }

    public int nameEnd(int field) {
        return bounds[field * STRIDE + NAME_END];
    }

    public int valueStart(int field) {
        return bounds[field * STRIDE + VALUE_START];
    }

    public int valueEnd(int field) {
        return bounds[field * STRIDE + VALUE_END];
    }

    /// Whether the name of a field is exactly `lowerName`.
    public boolean nameIs(int field, byte[] lowerName) {
        int start = nameStart(field);
        int end = nameEnd(field);
        return end - start == lowerName.length
                && Arrays.equals(block, start, end, lowerName, 0, lowerName.length);
    }

    /// The first field called `lowerName` at index `from` or later, -1 for none.
    public int find(byte[] lowerName, int from) {
        for (int field = from; field < size(); field++) {
            if (nameIs(field, lowerName)) {
                return field;
            }
        }
        return -1;
    }

    /// A copy of a field's value.
    public byte[] value(int field) {
        return Arrays.copyOfRange(block, valueStart(field), valueEnd(field));
    }

    /// These fields, and others behind them.
    public Headers with(Headers more) {
        if (more.size() == 0) {
            return this;
        }
        byte[][] pairs = new byte[2 * (size() + more.size())][];
        int at = 0;
        for (Headers each : List.of(this, more)) {
            for (int field = 0; field < each.size(); field++) {
                pairs[at++] = each.name(field);
                pairs[at++] = each.value(field);
            }
        }
        return of(pairs);
    }

    private byte[] name(int field) {
        return Arrays.copyOfRange(block, nameStart(field), nameEnd(field));
    }

    private static byte[] joined(byte[][] parts) {
        byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /// Collects the bounds of fields; good for one [#build].
    public static final class Builder {
        private final byte[] block;
        private int[] bounds;
        private int used;
        private boolean built;

        private Builder(byte[] block, int expectedFields) {
            this.block = block;
            this.bounds = new int[expectedFields * STRIDE];
        }

        /// Adds the field whose name and value lie at these bounds of the block.
        public Builder field(int nameStart, int nameEnd, int valueStart, int valueEnd) {
            requireOpen();
            Objects.checkFromToIndex(nameStart, nameEnd, block.length);
            Objects.checkFromToIndex(valueStart, valueEnd, block.length);
            if (used == bounds.length) {
                bounds = Arrays.copyOf(bounds, Math.max(8 * STRIDE, used * 2));
            }
            bounds[used + NAME_START] = nameStart;
            bounds[used + NAME_END] = nameEnd;
            bounds[used + VALUE_START] = valueStart;
            bounds[used + VALUE_END] = valueEnd;
            used += STRIDE;
            return this;
        }

        public Headers build() {
            requireOpen();
            built = true;
            return new Headers(block, used == bounds.length ? bounds : Arrays.copyOf(bounds, used));
        }

        private void requireOpen() {
            if (built) {
                throw new IllegalStateException("these headers are built already");
            }
        }
    }
}
