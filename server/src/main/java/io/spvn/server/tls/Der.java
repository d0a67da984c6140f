package io.spvn.server.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// As much of DER (X.690) as keys and a certificate of our own need. What is not DER is an
/// [IllegalArgumentException].
final class Der {
    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int OID = 0x06;
    static final int UTF8_STRING = 0x0C;
    static final int UTC_TIME = 0x17;
    static final int GENERALIZED_TIME = 0x18;
    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;

    /// Of a field with a number of its own; the number is added.
    static final int TAGGED = 0xA0;

    private Der() {}

    /// One value as it was read.
    ///
    /// @param content without tag and length
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Value(int tag, byte[] content) {
        /// The values in it.
        List<Value> children() {
            return Der.values(content);
        }

        /// Itself, as it is written.
        byte[] encoded() {
            return Der.value(tag, content);
        }

        Value require(int wanted) {
            if (tag != wanted) {
                throw new IllegalArgumentException("unexpected DER tag " + tag);
            }
            return this;
        }
    }

    /// The one value that `encoded` is.
    static Value read(byte[] encoded) {
        List<Value> values = values(encoded);
        if (values.size() != 1) {
            throw new IllegalArgumentException("not one DER value but " + values.size());
        }
        return values.getFirst();
    }

    /// Whether it is one sequence, as certificates and keys are.
    static boolean isSequence(byte[] encoded) {
        try {
            return read(encoded).tag() == SEQUENCE;
        } catch (IllegalArgumentException other) {
            return false;
        }
    }

    private static List<Value> values(byte[] encoded) {
        List<Value> values = new ArrayList<>();
        int at = 0;
        while (at < encoded.length) {
            int lengthAt = at + 1;
            int width = widthOfLength(encoded, lengthAt);
            int from = lengthAt + width;
            int length = length(encoded, lengthAt, width);
            if (length < 0 || length > encoded.length - from) {
                throw new IllegalArgumentException("DER value is cut off");
            }
            int tag = encoded[at] & 0xFF;
            values.add(new Value(tag, Arrays.copyOfRange(encoded, from, from + length)));
            at = from + length;
        }
        return values;
    }

    private static int widthOfLength(byte[] encoded, int at) {
        if (at >= encoded.length) {
            throw new IllegalArgumentException("DER value is cut off");
        }
        int width = encoded[at] < 0 ? 1 + (encoded[at] & 0x7F) : 1;
        if (width > 4 || at + width > encoded.length) {
            throw new IllegalArgumentException("DER value is cut off");
        }
        return width;
    }

    private static int length(byte[] encoded, int at, int width) {
        if (width == 1) {
            return encoded[at];
        }
        int length = 0;
        for (int i = 1; i < width; i++) {
            length = (length << 8) | (encoded[at + i] & 0xFF);
        }
        return length;
    }

    /// A value with its tag and length.
    static byte[] value(int tag, byte[]... contents) {
        int length = Arrays.stream(contents).mapToInt(content -> content.length).sum();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            byte[] digits = BigInteger.valueOf(length).toByteArray();
            int from = digits[0] == 0 ? 1 : 0;
            out.write(0x80 | (digits.length - from));
            out.write(digits, from, digits.length - from);
        }
        for (byte[] content : contents) {
            out.writeBytes(content);
        }
        return out.toByteArray();
    }

    static byte[] sequence(byte[]... contents) {
        return value(SEQUENCE, contents);
    }

    static byte[] integer(BigInteger number) {
        return value(INTEGER, number.toByteArray());
    }

    /// Whole octets.
    static byte[] bits(byte[] octets) {
        return value(BIT_STRING, new byte[] {0}, octets);
    }

    /// An object identifier, as `1.2.840.10045.2.1`.
    static byte[] oid(String dotted) {
        int[] arcs = Arrays.stream(dotted.split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(40 * arcs[0] + arcs[1]);
        for (int i = 2; i < arcs.length; i++) {
            for (int shift = 28; shift > 0; shift -= 7) {
                if (arcs[i] >>> shift != 0) {
                    out.write(0x80 | ((arcs[i] >>> shift) & 0x7F));
                }
            }
            out.write(arcs[i] & 0x7F);
        }
        return value(OID, out.toByteArray());
    }
}
