package io.spvn.server.http2;

import java.util.Arrays;

/// Reads Huffman-coded strings (RFC 7541 5.2), four bits at a time: a table says for each place in
/// the code's tree and each four bits where they lead, and which octet they complete. They complete
/// one at most, for the shortest code has five. For any thread.
final class HuffmanDecoder {
    private static final int NIBBLES = 16;

    /// Nothing begins with these bits but the code of EOS, which is an error in a string.
    private static final int FAILS = -1;

    private static final int EMITS = 0x100;
    private static final int STATE = 0xFF;
    private static final int SYMBOL_SHIFT = 16;

    /// The bits a string may be padded with to the next octet.
    private static final int MOST_PADDING = 7;

    private static final Tree TREE = new Tree();

    /// By state and four bits: the next state in the lowest octet, [#EMITS] with an octet in the
    /// third one, or [#FAILS]. States are the inner nodes of the tree, the root is 0.
    private static final int[] STEPS = TREE.steps();

    /// Whether a string may end there: only the first bits of EOS are left over, seven at most.
    private static final boolean[] MAY_END = TREE.mayEnd();

    private HuffmanDecoder() {}

    /// How much room [#decode] needs for a string of so many octets: each five bits become one, and
    /// one more is written to than counts.
    static int room(int length) {
        return Math.toIntExact(length * 8L / 5 + 1);
    }

    /// Decodes a string and returns the index after it in `out`.
    ///
    /// @param at index of the string's first octet in `out`, which has the [#room] behind it
    static int decode(byte[] coded, int from, int to, byte[] out, int at) throws HpackError {
        int state = 0;
        int end = at;
        for (int i = from; i < to; i++) {
            int octet = coded[i];
            int high = STEPS[(state << 4) | ((octet >> 4) & 0xF)];
            out[end] = (byte) (high >> SYMBOL_SHIFT);
            end += (high >>> 8) & 1;
            int low = STEPS[((high & STATE) << 4) | (octet & 0xF)];
            if ((high | low) < 0) {
                throw new HpackError("a Huffman-coded string has EOS in it");
            }
            out[end] = (byte) (low >> SYMBOL_SHIFT);
            end += (low >>> 8) & 1;
            state = low & STATE;
        }
        if (!MAY_END[state]) {
            throw new HpackError("a Huffman-coded string is not padded with up to seven ones");
        }
        return end;
    }

    /// The code as a tree. A child is the index of an inner node, or the complement of a symbol.
    private static final class Tree {
        private static final int NONE = Integer.MIN_VALUE;

        private final int[][] children = new int[HuffmanCode.SYMBOLS - 1][];
        private int nodes;

        Tree() {
            addNode();
            for (int symbol = 0; symbol < HuffmanCode.SYMBOLS; symbol++) {
                add(symbol);
            }
        }

        private int addNode() {
            children[nodes] = new int[] {NONE, NONE};
            return nodes++;
        }

        private void add(int symbol) {
            int node = 0;
            for (int bit = HuffmanCode.bits(symbol) - 1; bit > 0; bit--) {
                int[] pair = children[node];
                int side = (HuffmanCode.code(symbol) >> bit) & 1;
                if (pair[side] == NONE) {
                    pair[side] = addNode();
                }
                node = pair[side];
            }
            children[node][HuffmanCode.code(symbol) & 1] = ~symbol;
        }

        int[] steps() {
            int[] steps = new int[nodes * NIBBLES];
            Arrays.setAll(steps, at -> step(at / NIBBLES, at % NIBBLES));
            return steps;
        }

        private int step(int state, int nibble) {
            int node = state;
            int emitted = 0;
            for (int bit = 3; bit >= 0; bit--) {
                int child = children[node][(nibble >> bit) & 1];
                if (child == ~HuffmanCode.EOS) {
                    return FAILS;
                }
                if (child < 0) {
                    emitted = EMITS | (~child << SYMBOL_SHIFT);
                }
                node = Math.max(child, 0);
            }
            return emitted | node;
        }

        boolean[] mayEnd() {
            boolean[] mayEnd = new boolean[nodes];
            int node = 0;
            for (int padding = 0; padding <= MOST_PADDING; padding++) {
                mayEnd[node] = true;
                node = children[node][1];
            }
            return mayEnd;
        }
    }
}
