package io.spvn.server.proxy;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Addresses as proxies write them: digits alone, never a name that would have to be looked up, and
/// without a zone, which means something on another machine only.
final class IpText {
    private static final int LONGEST = 45;
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]+");
    private static final Pattern V4 =
            Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:[.](?!$)|$)){4}");

    private IpText() {}

    /// What a text says, null when it is no address. One of IPv4 within IPv6 is one of IPv4.
    static @Nullable InetAddress address(String text) {
        if (text.length() > LONGEST) {
            return null;
        }
        return text.indexOf(':') < 0 ? v4(text) : v6(text);
    }

    static @Nullable InetAddress v4(String text) {
        return V4.matcher(text).matches() ? Inet4Address.ofLiteral(text) : null;
    }

    static @Nullable InetAddress v6(String text) {
        if (!V6.matcher(text).matches()) {
            return null;
        }
        try {
            return Inet6Address.ofLiteral(text);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /// A decimal number up to the largest port, -1 for anything else.
    static int port(String text) {
        if (text.isEmpty() || text.length() > 5) {
            return -1;
        }
        int port = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            port = 10 * port + digit;
        }
        return port <= 0xFFFF ? port : -1;
    }
}
