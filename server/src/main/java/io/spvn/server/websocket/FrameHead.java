package io.spvn.server.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The head of a client's frame (RFC 6455 5.2), as it comes in. What is wrong with it by itself is
/// refused here, as soon as it can be seen; what its place among others makes wrong is not.
final class FrameHead {
    private static final int FIXED = 2;
    private static final int MASK = 4;
    private static final int FIN = 0x80;
    private static final int RSV1 = 0x40;
    private static final int RSV2_3 = 0x30;
    private static final int MASKED = 0x80;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);

    private final boolean compression;
    private final byte[] octets = new byte[FIXED + Long.BYTES + MASK];
    private int size;
    private int wanted = FIXED;

    /// @param compression whether messages may be compressed
    FrameHead(boolean compression) {
        this.compression = compression;
    }

    private static VarHandle view(Class<?> type) {
        return MethodHandles.byteArrayViewVarHandle(type, ByteOrder.BIG_ENDIAN);
    }

    /// Takes what belongs to the head.
    ///
    /// @return where the rest begins
    int read(byte[] buffer, int from, int to) {
        int at = from;
        while (at < to && size < wanted) {
            octets[size++] = buffer[at++];
            if (size == FIXED) {
                wanted = FIXED + checked();
            } else if (size == wanted) {
                checkLength();
            }
        }
        return at;
    }

    boolean complete() {
        return size == wanted;
    }

    /// The next head is awaited.
    void reset() {
        size = 0;
        wanted = FIXED;
    }

    /// Looks at the first two octets.
    ///
    /// @return how many more there are
    private int checked() {
        boolean control = Opcode.isControl(opcode());
        if ((octets[0] & RSV2_3) != 0
                || (compressed() && (!compression || control || isContinuation()))) {
            throw FrameRules.RESERVED_BIT.error();
        }
        if (!Opcode.isKnown(opcode())) {
            throw FrameRules.RESERVED_OPCODE.error();
        }
        if (control && !fin()) {
            throw FrameRules.CONTROL_FRAGMENTED.error();
        }
        if (control && shortLength() > Opcode.MAX_CONTROL) {
            throw FrameRules.CONTROL_TOO_LONG.error();
        }
        if ((octets[1] & MASKED) == 0) {
            throw FrameRules.UNMASKED.error();
        }
        return MASK + lengthOctets();
    }

    private void checkLength() {
        long length = length();
        if (length < 0) {
            throw FrameRules.LENGTH_SIGN.error();
        }
        boolean minimal =
                switch (shortLength()) {
                    case LENGTH_16 -> length >= LENGTH_16;
                    case LENGTH_64 -> length > 0xFFFF;
                    default -> true;
                };
        if (!minimal) {
            throw FrameRules.LENGTH_NOT_MINIMAL.error();
        }
    }

    private int lengthOctets() {
        return switch (shortLength()) {
            case LENGTH_16 -> Short.BYTES;
            case LENGTH_64 -> Long.BYTES;
            default -> 0;
        };
    }

    private int shortLength() {
        return octets[1] & 0x7F;
    }

    boolean fin() {
        return (octets[0] & FIN) != 0;
    }

    /// Whether the message that begins here is compressed (RFC 7692 6).
    boolean compressed() {
        return (octets[0] & RSV1) != 0;
    }

    int opcode() {
        return octets[0] & 0x0F;
    }

    boolean isControl() {
        return Opcode.isControl(opcode());
    }

    boolean isContinuation() {
        return opcode() == Opcode.CONTINUATION;
    }

    /// Of the payload.
    long length() {
        return switch (shortLength()) {
            case LENGTH_16 -> (short) SHORT.get(octets, FIXED) & 0xFFFF;
            case LENGTH_64 -> (long) LONG.get(octets, FIXED);
            default -> shortLength();
        };
    }

    int mask() {
        return (int) INT.get(octets, wanted - MASK);
    }
}
