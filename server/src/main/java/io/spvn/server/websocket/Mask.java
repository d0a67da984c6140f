package io.spvn.server.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Takes the mask off a payload (RFC 6455 5.3) while it is copied, eight bytes at a time.
final class Mask {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Mask() {}

    /// Copies `length` bytes of a payload, of which `before` bytes have been copied already.
    static void remove(
            int mask, long before, byte[] source, int from, byte[] target, int at, int length) {
        int turned = Integer.rotateLeft(mask, Byte.SIZE * (int) (before & 3));
        long wide = (long) turned << Integer.SIZE | (turned & 0xFFFF_FFFFL);
        int done = 0;
        for (; done <= length - Long.BYTES; done += Long.BYTES) {
            LONG.set(target, at + done, (long) LONG.get(source, from + done) ^ wide);
        }
        for (; done < length; done++) {
            int octet = turned >>> (Byte.SIZE * (3 - (done & 3)));
            target[at + done] = (byte) (source[from + done] ^ octet);
        }
    }
}
