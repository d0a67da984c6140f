package io.spvn.server.connection;

import io.spvn.bridge.asgi.Endpoint;
import io.spvn.bridge.asgi.Peers;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import org.jspecify.annotations.Nullable;

/// The two ends of a connection in the form that ASGI gives them.
public final class Addresses {
    private Addresses() {}

    /// Peers of an accepted connection; the addresses of one that is closed are not known.
    static Peers of(String scheme, @Nullable SocketAddress client, @Nullable SocketAddress server) {
        return new Peers(scheme, client(client), server(server));
    }

    /// The client of a Unix socket has no address.
    private static @Nullable Endpoint client(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress ip
                ? new Endpoint(text(ip.getAddress()), ip.getPort())
                : null;
    }

    private static @Nullable Endpoint server(@Nullable SocketAddress address) {
        return switch (address) {
            case InetSocketAddress ip -> new Endpoint(text(ip.getAddress()), ip.getPort());
            case UnixDomainSocketAddress unix when !unix.getPath().toString().isEmpty() ->
                    new Endpoint(unix.getPath().toString(), -1);
            case null, default -> null;
        };
    }

    /// Textual form without scope id; IPv6 as RFC 5952 section 4 has it.
    public static String text(InetAddress address) {
        return address instanceof Inet6Address
                ? compressed(address.getAddress())
                : address.getHostAddress();
    }

    private static String compressed(byte[] bytes) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = ((bytes[2 * i] & 0xFF) << 8) | (bytes[2 * i + 1] & 0xFF);
        }
        int start = -1;
        int length = 1; // a single group of zeros is not shortened
        for (int i = 0; i < 8; i++) {
            int run = zerosFrom(groups, i);
            if (run > length) {
                start = i;
                length = run;
            }
        }
        return start < 0
                ? join(groups, 0, 8)
                : join(groups, 0, start) + "::" + join(groups, start + length, 8);
    }

    private static int zerosFrom(int[] groups, int from) {
        int end = from;
        while (end < groups.length && groups[end] == 0) {
            end++;
        }
        return end - from;
    }

    private static String join(int[] groups, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
