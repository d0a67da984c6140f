package io.spvn.server;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An address to listen on.
public sealed interface Bind {
    int MAX_PORT = 65_535;

    /// Reads `IP:PORT`, `[IPv6]:PORT`, `unix:/path` or `fd://N`.
    static Bind parse(String text) {
        if (text.startsWith(Inherited.PREFIX)) {
            return Inherited.parse(text.substring(Inherited.PREFIX.length()));
        }
        return text.startsWith(Unix.PREFIX)
                ? new Unix(Path.of(text.substring(Unix.PREFIX.length())))
                : Tcp.parse(text);
    }

    /// The way it is shown; for TCP a client understands it.
    String url();

    /// A TCP port; port 0 lets the system choose one.
    record Tcp(String host, int port) implements Bind {
        private static final Pattern SYNTAX =
                Pattern.compile("(?:\\[(?<v6>[^\\]]*)]|(?<other>[^:\\[\\]]+)):(?<port>[0-9]{1,5})");
        private static final Pattern NUMERIC = Pattern.compile("[0-9.]+");
        private static final Pattern V4 = Pattern.compile("[0-9]+([.][0-9]+){3}");
        private static final Pattern NAME =
                Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");

        public Tcp {
            requireHost(host);
            if (port < 0 || port > MAX_PORT) {
                throw new IllegalArgumentException("port " + port + " is not within 0-" + MAX_PORT);
            }
        }

        @Override
        public String url() {
            return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }

        private static Tcp parse(String text) {
            Matcher matcher = SYNTAX.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "write IP:PORT, [IPv6]:PORT, unix:/path or fd://N");
            }
            String v6 = matcher.group("v6");
            if (v6 != null && !v6.contains(":")) {
                throw new IllegalArgumentException("only an IPv6 address stands in brackets");
            }
            return new Tcp(
                    v6 != null ? v6 : matcher.group("other"),
                    Integer.parseInt(matcher.group("port")));
        }

        private static void requireHost(String host) {
            if (!isHost(host)) {
                throw new IllegalArgumentException("'" + host + "' is not an address or a name");
            }
        }

        private static boolean isHost(String host) {
            try {
                if (host.contains(":")) {
                    return Inet6Address.ofLiteral(host) != null;
                }
                return NUMERIC.matcher(host).matches()
                        ? V4.matcher(host).matches() && Inet4Address.ofLiteral(host) != null
                        : NAME.matcher(host).matches();
            } catch (IllegalArgumentException _) {
                return false;
            }
        }
    }

    /// A Unix domain socket.
    record Unix(Path path) implements Bind {
        private static final String PREFIX = "unix:";

        /// `sun_path` has 104 bytes on macOS and 108 on Linux, one of them for the final NUL.
        private static final int MAX_BYTES = 103;

        public Unix {
            int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
            if (bytes == 0 || bytes > MAX_BYTES) {
                throw new IllegalArgumentException(
                        "the path of a Unix socket has 1 to " + MAX_BYTES + " bytes, not " + bytes);
            }
        }

        @Override
        public String url() {
            return PREFIX + path;
        }
    }

    /// A socket that listens already, by the number of a descriptor that the process was started
    /// with.
    record Inherited(int descriptor) implements Bind {
        private static final String PREFIX = "fd://";
        private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

        public Inherited {
            if (descriptor < 0) {
                throw new IllegalArgumentException(
                        "a descriptor has a number from 0 on, not " + descriptor);
            }
        }

        private static Inherited parse(String number) {
            if (!NUMBER.matcher(number).matches()) {
                throw new IllegalArgumentException("the number of a descriptor stands after fd://");
            }
            return new Inherited(Integer.parseInt(number));
        }

        @Override
        public String url() {
            return PREFIX + descriptor;
        }
    }
}
