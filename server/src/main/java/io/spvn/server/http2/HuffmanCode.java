package io.spvn.server.http2;

import java.util.Arrays;

/// The Huffman code of HPACK (RFC 7541 appendix B). It is canonical: symbols of the same length
/// have consecutive codes in the order of their values, and the first of them follows the last of
/// the next shorter length. So the lengths are all there is to know.
final class HuffmanCode {
    /// The symbol behind those of the 256 octets, which no string has.
    static final int EOS = 256;

    static final int SYMBOLS = 257;

    /// In bits, by symbol.
    private static final String LENGTHS =
            """
            13 23 28 28 28 28 28 28 28 24 30 28 28 30 28 28 28 28 28 28 28 28 30 28
            28 28 28 28 28 28 28 28 6 10 10 12 13 6 8 11 10 10 8 11 8 6 6 6
            5 5 5 6 6 6 6 6 6 6 7 8 15 6 12 10 13 6 7 7 7 7 7 7
            7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 8 7 8 13 19 13 14 6
            15 5 6 5 6 5 6 6 6 5 7 7 6 6 6 5 6 7 6 5 5 6 7 7
            7 7 7 15 11 14 13 28 20 22 20 20 22 22 22 23 22 23 23 23 23 23 24 23
            24 24 22 23 24 23 23 23 23 21 22 23 22 23 23 24 22 21 20 22 22 23 23 21
            23 22 22 24 21 22 23 23 21 21 22 21 23 22 23 23 20 22 22 22 23 22 22 23
            26 26 20 19 22 23 22 25 26 26 26 27 27 26 24 25 19 21 26 27 27 26 27 24
            21 21 26 26 28 27 27 27 20 24 20 21 22 21 21 23 22 22 25 25 24 24 26 23
            26 27 26 26 27 27 27 27 27 28 27 27 27 27 27 26 30
            """;

    private static final byte[] BITS = bits();
    private static final int[] CODES = codes();

    private HuffmanCode() {}

    /// How many bits the code of a symbol has: 5 to 30.
    static int bits(int symbol) {
        return BITS[symbol];
    }

    /// The code of a symbol, in the lowest bits.
    static int code(int symbol) {
        return CODES[symbol];
    }

    private static byte[] bits() {
        String[] lengths = LENGTHS.strip().split("\\s+", -1);
        byte[] bits = new byte[SYMBOLS];
        for (int symbol = 0; symbol < SYMBOLS; symbol++) {
            bits[symbol] = Byte.parseByte(lengths[symbol]);
        }
        return bits;
    }

    private static int[] codes() {
        int longest = 0;
        int[] counts = new int[Byte.MAX_VALUE];
        for (byte length : BITS) {
            counts[length]++;
            longest = Math.max(longest, length);
        }
        int[] next = new int[longest + 1];
        for (int length = 1; length <= longest; length++) {
            next[length] = (next[length - 1] + counts[length - 1]) << 1;
        }
        int[] codes = new int[SYMBOLS];
        Arrays.setAll(codes, symbol -> next[BITS[symbol]]++);
        return codes;
    }
}
