package io.spvn.server.http2;

import java.util.Arrays;

/// Makes fields of field blocks (RFC 7541), in the order in which a connection's client has sent
/// them. Used by the connection's reader alone. After an [HpackError] it is done for, and so is the
/// connection.
///
/// What it holds does not grow with what a client sends: the table has its limit, and fields that
/// the [FieldSink] does not want are looked at without a copy. Fields of a table are handed out as
/// they stand there, however often they are asked for.
final class HpackDecoder {
    private static final byte[] NOTHING = {};

    /// What is kept between blocks for strings to be decoded in; idle connections are many.
    private static final int KEPT_SCRATCH = 512;

    /// An integer may have so many octets behind its first one (RFC 7541 5.1).
    private static final int MOST_CONTINUATIONS = 5;

    private final int tableSize;
    private final DynamicTable table;

    /// The block at hand, where the next octet stands, and where it ends.
    private byte[] block = NOTHING;

    private int at;
    private int end;

    /// The strings of the field at hand as far as they were Huffman-coded.
    private byte[] scratch = NOTHING;

    private int scratchUsed;

    /// Where the string read last stands.
    private byte[] text = NOTHING;

    private int textFrom;
    private int textTo;

    /// @param tableSize our SETTINGS_HEADER_TABLE_SIZE
    HpackDecoder(int tableSize) {
        this.tableSize = tableSize;
        this.table = new DynamicTable(tableSize);
    }

    /// Decodes one whole field block.
    void decode(byte[] bytes, int from, int to, FieldSink sink) throws HpackError {
        block = bytes;
        at = from;
        end = to;
        try {
            resize();
            while (at < end) {
                field(sink);
            }
        } finally {
            block = NOTHING;
            text = NOTHING;
            if (scratch.length > KEPT_SCRATCH) {
                scratch = NOTHING;
            }
        }
    }

    /// The table changes its size only where a block begins (RFC 7541 4.2).
    private void resize() throws HpackError {
        while (at < end && (block[at] & 0xE0) == 0x20) {
            int size = integer(5);
            if (size > tableSize) {
                throw new HpackError("the table is to be larger than was allowed");
            }
            table.limit(size);
        }
    }

    private void field(FieldSink sink) throws HpackError {
        byte first = block[at];
        if (first < 0) {
            indexed(sink, integer(7));
        } else if ((first & 0x40) != 0) {
            literal(sink, integer(6), true);
        } else if ((first & 0x20) != 0) {
            throw new HpackError("the table changes its size within a block");
        } else {
            literal(sink, integer(4), false);
        }
    }

    private void indexed(FieldSink sink, int index) throws HpackError {
        byte[] name = name(index);
        byte[] value =
                index <= StaticTable.SIZE
                        ? StaticTable.value(index)
                        : table.value(index - StaticTable.SIZE - 1);
        if (sink.wants(name.length, value.length)) {
            sink.field(name, value);
        }
    }

    private byte[] name(int index) throws HpackError {
        if (index == 0 || index > StaticTable.SIZE + table.count()) {
            throw new HpackError("no table has the index " + index);
        }
        return index <= StaticTable.SIZE
                ? StaticTable.name(index)
                : table.name(index - StaticTable.SIZE - 1);
    }

    /// A field with its value, and with its name where `index` is 0. One that becomes an entry has
    /// its arrays made whether it is wanted or not, unless the table has no room for it.
    private void literal(FieldSink sink, int index, boolean indexing) throws HpackError {
        scratchUsed = 0;
        if (index == 0) {
            string();
        } else {
            text = name(index);
            textFrom = 0;
            textTo = text.length;
        }
        byte[] name = text;
        int nameFrom = textFrom;
        int nameTo = textTo;
        string();
        int nameLength = nameTo - nameFrom;
        int valueLength = textTo - textFrom;
        boolean wanted = sink.wants(nameLength, valueLength);
        boolean entry = indexing && table.fits(nameLength, valueLength);
        if (wanted || entry) {
            byte[] own = index > 0 ? name : Arrays.copyOfRange(name, nameFrom, nameTo);
            hand(sink, wanted, indexing, own, Arrays.copyOfRange(text, textFrom, textTo));
        } else if (indexing) {
            table.clear();
        }
    }

    private void hand(FieldSink sink, boolean wanted, boolean indexing, byte[] name, byte[] value) {
        if (indexing) {
            table.add(name, value);
        }
        if (wanted) {
            sink.field(name, value);
        }
    }

    /// A string (RFC 7541 5.2), to be found where [#text] says.
    private void string() throws HpackError {
        if (at == end) {
            throw new HpackError("the block ends before a string");
        }
        boolean huffman = block[at] < 0;
        int length = integer(7);
        if (length > end - at) {
            throw new HpackError("a string is longer than its block");
        }
        if (huffman) {
            decoded(length);
        } else {
            text = block;
            textFrom = at;
            textTo = at + length;
        }
        at += length;
    }

    /// A name in the scratch that has been outgrown stays readable in the older array.
    private void decoded(int length) throws HpackError {
        int room = scratchUsed + HuffmanDecoder.room(length);
        if (scratch.length < room) {
            scratch = Arrays.copyOf(scratch, Math.max(room, KEPT_SCRATCH));
        }
        text = scratch;
        textFrom = scratchUsed;
        textTo = HuffmanDecoder.decode(block, at, at + length, scratch, scratchUsed);
        scratchUsed = textTo;
    }

    /// An integer whose first octet has a prefix of so many bits (RFC 7541 5.1); it is there.
    private int integer(int prefix) throws HpackError {
        int most = (1 << prefix) - 1;
        int first = block[at++] & most;
        return first < most ? first : continued(most);
    }

    private int continued(int most) throws HpackError {
        long number = most;
        for (int shift = 0; shift < 7 * MOST_CONTINUATIONS; shift += 7) {
            if (at == end) {
                throw new HpackError("the block ends within an integer");
            }
            byte octet = block[at++];
            number += (long) (octet & 0x7F) << shift;
            if (octet >= 0) {
                return checked(number);
            }
        }
        throw new HpackError("an integer has too many octets");
    }

    private static int checked(long number) throws HpackError {
        if (number > Integer.MAX_VALUE) {
            throw new HpackError("an integer is too large");
        }
        return (int) number;
    }
}
