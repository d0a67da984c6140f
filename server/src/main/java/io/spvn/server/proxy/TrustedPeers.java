package io.spvn.server.proxy;

import io.spvn.bridge.asgi.Endpoint;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whose word about clients is taken: addresses, networks, Unix sockets.
///
/// @param all whether everybody's is
/// @param unix whether that of who comes through a Unix socket is
/// @param networks whose is
public record TrustedPeers(boolean all, boolean unix, List<Network> networks) {
    /// Who runs on the same machine, as long as nothing else is said.
    public static final String DEFAULT = "127.0.0.1,::1,unix:";

    private static final String EVERYBODY = "*";
    private static final String UNIX = "unix:";

    public TrustedPeers {
        networks = List.copyOf(networks);
    }

    /// Addresses that begin with the same bits.
    ///
    /// @param address the first of them
    /// @param bits how many
    public record Network(InetAddress address, int bits) {
        /// @throws IllegalArgumentException when it is not the first
        public Network {
            byte[] octets = address.getAddress();
            if (bits < 0 || bits > 8 * octets.length) {
                throw new IllegalArgumentException(
                        "a prefix has 0 to %d bits here, not %d"
                                .formatted(8 * octets.length, bits));
            }
            for (int bit = bits; bit < 8 * octets.length; bit++) {
                if ((octets[bit / 8] >> (7 - bit % 8) & 1) != 0) {
                    throw new IllegalArgumentException("it has bits behind its first " + bits);
                }
            }
        }

        boolean holds(InetAddress other) {
            byte[] mine = address.getAddress();
            byte[] octets = other.getAddress();
            if (mine.length != octets.length) {
                return false;
            }
            int whole = bits / 8;
            for (int i = 0; i < whole; i++) {
                if (mine[i] != octets[i]) {
                    return false;
                }
            }
            int left = bits % 8;
            return left == 0 || ((mine[whole] ^ octets[whole]) & 0xFF) >> (8 - left) == 0;
        }
    }

    /// Reads a list with commas: addresses, networks such as `10.0.0.0/8`, `unix:` for Unix
    /// sockets, `*` for everybody; "" for nobody.
    ///
    /// @throws IllegalArgumentException when it is none
    public static TrustedPeers parse(String list) {
        boolean all = false;
        boolean unix = false;
        List<Network> networks = new ArrayList<>();
        for (String each : list.split(",", -1)) {
            String item = each.strip();
            switch (item) {
                case "" -> {}
                case EVERYBODY -> all = true;
                case UNIX -> unix = true;
                default -> networks.add(network(item));
            }
        }
        return new TrustedPeers(all, unix, networks);
    }

    private static Network network(String item) {
        int slash = item.indexOf('/');
        InetAddress address = IpText.address(slash < 0 ? item : item.substring(0, slash));
        int bits = slash < 0 ? 0 : IpText.port(item.substring(slash + 1));
        if (address == null || bits < 0) {
            throw new IllegalArgumentException(
                    "'" + item + "' is not an address, a network such as 10.0.0.0/8, unix: or *");
        }
        try {
            return new Network(address, slash < 0 ? 8 * address.getAddress().length : bits);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("'" + item + "': " + wrong.getMessage(), wrong);
        }
    }

    /// Whether the word of who is at this end of a connection is taken.
    ///
    /// @param peer null of a Unix socket
    public boolean trust(@Nullable Endpoint peer) {
        if (all) {
            return true;
        }
        if (peer == null || peer.port() < 0) {
            return unix;
        }
        InetAddress address = IpText.address(peer.host());
        return address != null && trust(address);
    }

    boolean trust(InetAddress address) {
        return all || networks.stream().anyMatch(network -> network.holds(address));
    }
}
