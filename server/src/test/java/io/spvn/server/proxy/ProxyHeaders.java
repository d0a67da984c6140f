package io.spvn.server.proxy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Headers of the PROXY protocol, right and wrong.
final class ProxyHeaders {
    static final int LOCAL = 0x20;
    static final int PROXY = 0x21;
    static final int TCP4 = 0x11;
    static final int TCP6 = 0x21;
    static final int UNIX = 0x31;

    private static final byte[] SIGNATURE = bytes("\r\n\r\n\0\r\nQUIT\n");

    private ProxyHeaders() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] binary(int command, int family, byte[] rest) {
        return ByteBuffer.allocate(16 + rest.length)
                .put(SIGNATURE)
                .put((byte) command)
                .put((byte) family)
                .putShort((short) rest.length)
                .put(rest)
                .array();
    }

    /// Two addresses, their ports 258 and 772, and what follows.
    static byte[] ip(int size, byte[] more) {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 2 * size; i++) {
            bytes.write(i + 1);
        }
        bytes.writeBytes(new byte[] {1, 2, 3, 4});
        bytes.writeBytes(more);
        return bytes.toByteArray();
    }

    static byte[] unix(String from, String to) {
        return ByteBuffer.allocate(216).put(bytes(from)).position(108).put(bytes(to)).array();
    }
}
