package io.spvn.server.http2;

import io.spvn.bridge.asgi.HeaderSyntax;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Writes field blocks (RFC 7541). Its table is that of the client's decoder, so blocks go onto the
/// wire in the order in which they are written here: used under the lock of the connection's
/// output.
///
/// Only fields that responses have in common become entries ([KnownName]), so that a small table
/// serves, and what one client's app says of secrets is in none.
final class HpackEncoder {
    /// The size that every table has before anything was said of it (RFC 9113 6.5.2).
    private static final int INITIAL_SIZE = 4096;

    private static final int INDEXED = 0x80;
    private static final int WITH_INDEXING = 0x40;
    private static final int SIZE_UPDATE = 0x20;
    private static final int NEVER_INDEXED = 0x10;
    private static final int WITHOUT_INDEXING = 0;
    private static final int HUFFMAN = 0x80;

    private final int limit;
    private final DynamicTable table = new DynamicTable(INITIAL_SIZE);

    /// The size that the table shall have, and the smallest that it was to have since the last
    /// block.
    private int wanted;

    private int smallest;
    private Block out = new Block(0);

    /// @param limit of the table, however large a client lets it be; 0 for none
    HpackEncoder(int limit) {
        this.limit = limit;
        this.wanted = Math.min(limit, INITIAL_SIZE);
        this.smallest = wanted;
    }

    /// The client's SETTINGS_HEADER_TABLE_SIZE, as a number without a sign; from the next block on,
    /// so to be called where the settings are acknowledged.
    void tableSize(int peer) {
        wanted = peer < 0 ? limit : Math.min(peer, limit);
        smallest = Math.min(smallest, wanted);
    }

    /// Begins a block behind what `block` has. It says first what has become of the table's size:
    /// the smallest one if the table was smaller in between, and the one it has (RFC 7541 4.2).
    void begin(Block block) {
        out = block;
        if (smallest < wanted && smallest < table.limit()) {
            resize(smallest);
        }
        if (wanted != table.limit()) {
            resize(wanted);
        }
        smallest = wanted;
    }

    private void resize(int size) {
        table.limit(size);
        integer(SIZE_UPDATE, 5, size);
    }

    /// The next field of the block.
    ///
    /// @param sensitive whether nobody on the way may keep it in a table (RFC 7541 7.1.3); fields
    ///   whose name says so are so anyway
    void field(byte[] name, byte[] value, boolean sensitive) {
        KnownName known = KnownName.of(name, 0, name.length);
        field(known, name, 0, name.length, value, 0, value.length, sensitive);
    }

    /// The same, for a field whose name and value are ranges of one block.
    void field(byte[] block, int name, int nameEnd, int value, int valueEnd, boolean sensitive) {
        KnownName known = KnownName.of(block, name, nameEnd);
        field(known, block, name, nameEnd, block, value, valueEnd, sensitive);
    }

    private void field(
            @Nullable KnownName known,
            byte[] names,
            int name,
            int nameEnd,
            byte[] values,
            int value,
            int valueEnd,
            boolean sensitive) {
        if (known != null) {
            known(known, values, value, valueEnd, sensitive);
        } else if (HeaderSyntax.hasCapital(names, name, nameEnd)) {
            byte[] lower = Arrays.copyOfRange(names, name, nameEnd);
            HeaderSyntax.lowerCase(lower, 0, lower.length);
            KnownName again = KnownName.of(lower, 0, lower.length);
            field(again, lower, 0, lower.length, values, value, valueEnd, sensitive);
        } else {
            out.put(sensitive ? NEVER_INDEXED : WITHOUT_INDEXING);
            string(names, name, nameEnd);
            string(values, value, valueEnd);
        }
    }

    private void known(KnownName known, byte[] values, int from, int to, boolean sensitive) {
        if (sensitive || known.form() == KnownName.Form.NEVER_INDEXED) {
            literal(NEVER_INDEXED, 4, known, values, from, to);
            return;
        }
        int index = known.index() == 0 ? 0 : StaticTable.find(known.index(), values, from, to);
        if (index > 0) {
            integer(INDEXED, 7, index);
        } else if (known.form() == KnownName.Form.ENTRY && isWorthIt(known, to - from)) {
            entry(known, values, from, to);
        } else {
            literal(WITHOUT_INDEXING, 4, known, values, from, to);
        }
    }

    /// An entry that takes more than half of the table makes too many others give way.
    private boolean isWorthIt(KnownName known, int valueLength) {
        int octets = known.name().length + DynamicTable.ENTRY_OVERHEAD + valueLength;
        return octets <= table.limit() / 2;
    }

    private void entry(KnownName known, byte[] values, int from, int to) {
        for (int age = 0; age < table.count(); age++) {
            byte[] value = table.value(age);
            if (known.is(table.name(age))
                    && Arrays.equals(value, 0, value.length, values, from, to)) {
                integer(INDEXED, 7, StaticTable.SIZE + 1 + age);
                return;
            }
        }
        literal(WITH_INDEXING, 6, known, values, from, to);
        table.add(known.name(), Arrays.copyOfRange(values, from, to));
    }

    private void literal(int form, int prefix, KnownName known, byte[] values, int from, int to) {
        int index = nameIndex(known);
        integer(form, prefix, index);
        if (index == 0) {
            string(known.name(), 0, known.name().length);
        }
        string(values, from, to);
    }

    private int nameIndex(KnownName known) {
        int index = known.index();
        for (int age = 0; index == 0 && age < table.count(); age++) {
            index = known.is(table.name(age)) ? StaticTable.SIZE + 1 + age : 0;
        }
        return index;
    }

    /// A string in the shorter of its two forms (RFC 7541 5.2).
    private void string(byte[] block, int from, int to) {
        int coded = HuffmanEncoder.length(block, from, to);
        if (coded < to - from) {
            integer(HUFFMAN, 7, coded);
            HuffmanEncoder.put(block, from, to, out);
        } else {
            integer(0, 7, to - from);
            out.put(block, from, to);
        }
    }

    /// An integer in the lowest bits of an octet and, if it must, in some behind it (RFC 7541 5.1).
    private void integer(int form, int prefix, int number) {
        int most = (1 << prefix) - 1;
        if (number < most) {
            out.put(form | number);
            return;
        }
        out.put(form | most);
        int rest = number - most;
        while (rest > 0x7F) {
            out.put(0x80 | (rest & 0x7F));
            rest >>>= 7;
        }
        out.put(rest);
    }
}
