package io.spvn.server.http2;

import io.spvn.server.http.Ascii;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A field name of which the encoder knows something: where the static table has it, or how fields
/// of it are written. All of them are in one hash table.
///
/// @param name in lower case
/// @param index the first of that name in the static table, 0 for none
@SuppressWarnings("ArrayRecordComponent") // never compared
record KnownName(byte[] name, int index, Form form) {
    /// How a field is written whose name and value the static table does not have together.
    enum Form {
        /// It becomes an entry of the dynamic table: responses of an app often have it in common.
        ENTRY,
        /// In full: its values hardly come again.
        LITERAL,
        /// In full, and so by whoever passes it on (RFC 7541 7.1.3): a secret in a table can be
        /// guessed at.
        NEVER_INDEXED
    }

    private static final List<String> ENTRIES =
            List.of(
                    ":status",
                    "accept-ranges",
                    "access-control-allow-credentials",
                    "access-control-allow-headers",
                    "access-control-allow-methods",
                    "access-control-allow-origin",
                    "access-control-expose-headers",
                    "access-control-max-age",
                    "allow",
                    "alt-svc",
                    "cache-control",
                    "content-encoding",
                    "content-language",
                    "content-security-policy",
                    "content-type",
                    "cross-origin-embedder-policy",
                    "cross-origin-opener-policy",
                    "cross-origin-resource-policy",
                    "date",
                    "permissions-policy",
                    "pragma",
                    "referrer-policy",
                    "server",
                    "strict-transport-security",
                    "vary",
                    "via",
                    "x-content-type-options",
                    "x-frame-options",
                    "x-powered-by",
                    "x-xss-protection");

    private static final List<String> SECRETS =
            List.of("authorization", "cookie", "proxy-authorization", "set-cookie");

    private static final int SLOTS = 256;
    private static final @Nullable KnownName[] TABLE = table();

    /// The name in a range, null for one that is not known.
    static @Nullable KnownName of(byte[] block, int from, int to) {
        if (from == to) {
            return null;
        }
        int slot = slot(block, from, to);
        KnownName known = TABLE[slot];
        while (known != null && !known.is(block, from, to)) {
            slot = (slot + 1) % SLOTS;
            known = TABLE[slot];
        }
        return known;
    }

    boolean is(byte[] other) {
        return Arrays.equals(name, other);
    }

    private boolean is(byte[] block, int from, int to) {
        return Arrays.equals(name, 0, name.length, block, from, to);
    }

    private static int slot(byte[] block, int from, int to) {
        int middle = block[(from + to) >>> 1];
        int mixed = (to - from) + 31 * (block[from] + 31 * (middle + 31 * block[to - 1]));
        return (mixed ^ (mixed >> 8)) & (SLOTS - 1);
    }

    private static @Nullable KnownName[] table() {
        var table = new @Nullable KnownName[SLOTS];
        for (int index = 1; index <= StaticTable.SIZE; index++) {
            byte[] name = StaticTable.name(index);
            if (!Arrays.equals(name, StaticTable.name(index - 1))) {
                put(table, new KnownName(name, index, form(name)));
            }
        }
        for (String entry : ENTRIES) {
            byte[] name = Ascii.bytes(entry);
            if (slotOf(table, name) >= 0) {
                put(table, new KnownName(name, 0, Form.ENTRY));
            }
        }
        return table;
    }

    private static Form form(byte[] name) {
        String text = new String(name, StandardCharsets.US_ASCII);
        if (SECRETS.contains(text)) {
            return Form.NEVER_INDEXED;
        }
        return ENTRIES.contains(text) ? Form.ENTRY : Form.LITERAL;
    }

    private static void put(@Nullable KnownName[] table, KnownName known) {
        table[slotOf(table, known.name)] = known;
    }

    /// The free slot for a name, -1 when it is there already.
    private static int slotOf(@Nullable KnownName[] table, byte[] name) {
        int slot = slot(name, 0, name.length);
        for (KnownName there = table[slot]; there != null; there = table[slot]) {
            if (there.is(name, 0, name.length)) {
                return -1;
            }
            slot = (slot + 1) % SLOTS;
        }
        return slot;
    }
}
