package io.spvn.server.proxy;

import io.spvn.bridge.asgi.Endpoint;
import io.spvn.server.connection.Addresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The header of the PROXY protocol, versions 1 and 2, with which a proxy begins a connection
/// (haproxy's proxy-protocol.txt). Pure: bytes in, meaning out.
///
/// What version 2 says beyond addresses is passed over, up to [#MOST].
final class ProxyHeader {
    /// Bytes of a header at most. Proxies that add whole certificates need less.
    static final int MOST = 4096;

    private static final byte[] TEXT = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_TEXT = 107;
    private static final byte[] SIGNATURE = {
        '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
    };
    private static final int FIXED = 16;

    private static final int VERSION_2 = 0x20;
    private static final int LOCAL = 0;
    private static final int PROXY = 1;

    private static final int UNSPECIFIED = 0;
    private static final int INET = 1;
    private static final int INET6 = 2;
    private static final int UNIX = 3;
    private static final int STREAM = 1;

    private static final int UNIX_PATH = 108;

    private ProxyHeader() {}

    /// What a header says.
    sealed interface Said {
        /// The bytes are the beginning of one.
        record Unfinished() implements Said {}

        /// It is the proxy's own connection, or of a client that it knows nothing of.
        ///
        /// @param end where the header ends
        record Own(int end) implements Said {}

        /// It is a client's.
        ///
        /// @param end where the header ends
        /// @param client null when it came through a Unix socket
        /// @param server where it has connected to; null for a Unix socket without a name
        record Of(int end, @Nullable Endpoint client, @Nullable Endpoint server) implements Said {}
    }

    /// Bytes that begin no header.
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /// Which version it is of, by its first byte.
    static int version(byte first) {
        return first == TEXT[0] ? 1 : 2;
    }

    /// Reads the header at the start of `bytes`.
    ///
    /// @param length how many of them have come, at least one
    static Said parse(byte[] bytes, int length) throws Malformed {
        boolean isText = version(bytes[0]) == 1;
        byte[] mark = isText ? TEXT : SIGNATURE;
        int seen = Math.min(length, mark.length);
        if (!Arrays.equals(bytes, 0, seen, mark, 0, seen)) {
            throw new Malformed("no PROXY header");
        }
        if (seen < mark.length) {
            return new Said.Unfinished();
        }
        return isText ? text(bytes, length) : binary(bytes, length);
    }

    // ---- version 1

    private static Said text(byte[] bytes, int length) throws Malformed {
        int end = lineEnd(bytes, Math.min(length, MOST_TEXT));
        if (end < 0) {
            if (length >= MOST_TEXT) {
                throw new Malformed("PROXY header without an end");
            }
            return new Said.Unfinished();
        }
        String line = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
        String[] words = line.split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return new Said.Own(end + 2);
        }
        if (words.length != 6) {
            throw new Malformed("PROXY header with other than four addresses and ports");
        }
        return new Said.Of(
                end + 2,
                endpoint(words[1], words[2], words[4]),
                endpoint(words[1], words[3], words[5]));
    }

    /// Of the first line, -1 when that is not complete.
    private static int lineEnd(byte[] bytes, int length) {
        for (int i = TEXT.length; i < length - 1; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static Endpoint endpoint(String family, String host, String port) throws Malformed {
        InetAddress address =
                switch (family) {
                    case "TCP4" -> IpText.v4(host);
                    case "TCP6" -> host.indexOf(':') < 0 ? null : IpText.v6(host);
                    default -> throw new Malformed("PROXY header of an unknown family");
                };
        int number = IpText.port(port);
        if (address == null || number < 0) {
            throw new Malformed("PROXY header with a wrong address or port");
        }
        return new Endpoint(Addresses.text(address), number);
    }

    // ---- version 2

    private static Said binary(byte[] bytes, int length) throws Malformed {
        if (length < FIXED) {
            return new Said.Unfinished();
        }
        int command = bytes[12] & 0xFF;
        int family = (bytes[13] & 0xFF) >> 4;
        int end = FIXED + number(bytes, 14);
        if ((command & 0xF0) != VERSION_2 || (command & 0x0F) > PROXY) {
            throw new Malformed("PROXY header of an unknown version or command");
        }
        if (end > MOST) {
            throw new Malformed("PROXY header of more than " + MOST + " bytes");
        }
        if (length < end) {
            return new Said.Unfinished();
        }
        return (command & 0x0F) == LOCAL || family == UNSPECIFIED
                ? new Said.Own(end)
                : addresses(bytes, end, family);
    }

    private static Said addresses(byte[] bytes, int end, int family) throws Malformed {
        if ((bytes[13] & 0x0F) != STREAM) {
            throw new Malformed("PROXY header of something other than a stream");
        }
        return switch (family) {
            case INET -> pair(bytes, end, 4);
            case INET6 -> pair(bytes, end, 16);
            case UNIX -> {
                require(end, 2 * UNIX_PATH);
                yield new Said.Of(end, null, path(bytes, FIXED + UNIX_PATH));
            }
            default -> throw new Malformed("PROXY header of an unknown family");
        };
    }

    private static void require(int end, int bytes) throws Malformed {
        if (end < FIXED + bytes) {
            throw new Malformed("PROXY header that is too short for its addresses");
        }
    }

    private static Said pair(byte[] bytes, int end, int size) throws Malformed {
        require(end, 2 * size + 4);
        int ports = FIXED + 2 * size;
        return new Said.Of(
                end,
                new Endpoint(host(bytes, FIXED, size), number(bytes, ports)),
                new Endpoint(host(bytes, FIXED + size, size), number(bytes, ports + 2)));
    }

    private static String host(byte[] bytes, int from, int size) {
        try {
            byte[] octets = Arrays.copyOfRange(bytes, from, from + size);
            return Addresses.text(InetAddress.getByAddress(octets));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible); // there are 4 or 16 of them
        }
    }

    /// Null for one without a name in the file system.
    private static @Nullable Endpoint path(byte[] bytes, int from) {
        int end = from;
        while (end < from + UNIX_PATH && bytes[end] != 0) {
            end++;
        }
        return end == from
                ? null
                : new Endpoint(new String(bytes, from, end - from, StandardCharsets.UTF_8), -1);
    }

    private static int number(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
    }
}
