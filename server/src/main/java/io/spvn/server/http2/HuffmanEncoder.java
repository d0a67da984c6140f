package io.spvn.server.http2;

/// Writes Huffman-coded strings (RFC 7541 5.2). For any thread.
final class HuffmanEncoder {
    private static final int PADDING = 0xFF;

    private HuffmanEncoder() {}

    /// How many octets a string takes when it is coded.
    static int length(byte[] block, int from, int to) {
        long bits = 0;
        for (int at = from; at < to; at++) {
            bits += HuffmanCode.bits(block[at] & 0xFF);
        }
        return Math.toIntExact((bits + 7) / 8);
    }

    /// Puts the code of a string, padded with ones to a whole octet.
    static void put(byte[] block, int from, int to, Block out) {
        long pending = 0;
        int bits = 0;
        for (int at = from; at < to; at++) {
            int symbol = block[at] & 0xFF;
            int more = HuffmanCode.bits(symbol);
            pending = (pending << more) | HuffmanCode.code(symbol);
            bits += more;
            while (bits >= 8) {
                bits -= 8;
                out.put((int) (pending >> bits));
            }
        }
        if (bits > 0) {
            out.put((int) (pending << (8 - bits)) | (PADDING >> bits));
        }
    }
}
