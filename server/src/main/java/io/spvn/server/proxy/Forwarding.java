package io.spvn.server.proxy;

import io.spvn.bridge.asgi.Endpoint;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Peers;
import io.spvn.server.connection.Addresses;
import io.spvn.server.http.Ascii;
import io.spvn.server.http.Authority;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the headers of a trusted proxy make of a request: who its client is, whether that uses
/// encryption, which host and path it has asked for. Pure.
///
/// A proxy adds to what it was sent, so lists are read from the right: the address of a trusted
/// proxy is passed over, and the first other one is the client. What is no address ends that; the
/// client is the last one found then. When all are trusted it is the leftmost.
///
/// `Forwarded`, where it is taken and there, counts in place of `X-Forwarded-For`, `-Proto` and
/// `-Host`. Of a list of schemes, hosts or prefixes the rightmost counts: that of the nearest
/// proxy. What makes no sense counts as not sent. The headers stay as they were sent, but for
/// `Host`, which frameworks make URLs of.
public final class Forwarding {
    private static final byte[] X_FOR = Ascii.bytes("x-forwarded-for");
    private static final byte[] X_PROTO = Ascii.bytes("x-forwarded-proto");
    private static final byte[] X_HOST = Ascii.bytes("x-forwarded-host");
    private static final byte[] X_PREFIX = Ascii.bytes("x-forwarded-prefix");
    private static final byte[] STANDARD = Ascii.bytes("forwarded");
    private static final byte[] HOST = Ascii.bytes("host");

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final Pattern PREFIX =
            Pattern.compile("(?:/(?![.]{1,2}(?:/|$))[A-Za-z0-9._~!$&()*+:@=-]+){1,32}/?");
    private static final int LONGEST_PREFIX = 512;

    /// Nobody is believed.
    public static final Forwarding OFF = new Forwarding(Proxies.NONE);

    private final Proxies proxies;

    public Forwarding(Proxies proxies) {
        this.proxies = proxies;
    }

    /// A request as its client has made it.
    ///
    /// @param headers as the app shall see them
    /// @param peers as the app shall see them
    public record Request(Headers headers, Peers peers) {}

    /// Whether the headers of who is at the other end are believed.
    ///
    /// @param known whether it is who the peers say: of others nobody vouches for what they write
    public boolean trusts(Peers peers, boolean known) {
        TrustedPeers trusted = proxies.trusted();
        return !proxies.fields().isEmpty()
                && (known ? trusted.trust(peers.client()) : trusted.all());
    }

    /// What a request of a trusted proxy is to its client.
    public Request of(Headers headers, Peers peers) {
        Hop hop = hop(headers);
        Peers seen =
                new Peers(
                        hop.scheme() == null ? peers.scheme() : hop.scheme(),
                        hop.client() == null ? peers.client() : hop.client(),
                        peers.server(),
                        peers.tls(),
                        prefix(headers));
        String host = hop.host();
        if (host == null) {
            return new Request(headers, seen);
        }
        Endpoint server = server(host, seen.scheme());
        Peers named = new Peers(seen.scheme(), seen.client(), server, seen.tls(), seen.prefix());
        return new Request(withHost(headers, host), named);
    }

    /// What the proxy that the client has talked to says of it; null for what it does not.
    private record Hop(@Nullable Endpoint client, @Nullable String scheme, @Nullable String host) {}

    private Hop hop(Headers headers) {
        if (takes(ForwardedField.FORWARDED) && headers.find(STANDARD, 0) >= 0) {
            return standard(headers);
        }
        return new Hop(
                takes(ForwardedField.FOR) ? client(FieldList.of(headers, X_FOR)) : null,
                takes(ForwardedField.PROTO) ? scheme(FieldList.last(headers, X_PROTO)) : null,
                takes(ForwardedField.HOST) ? host(FieldList.last(headers, X_HOST)) : null);
    }

    private boolean takes(ForwardedField field) {
        return proxies.fields().contains(field);
    }

    private @Nullable Endpoint client(List<String> hops) {
        Endpoint client = null;
        for (String each : hops.reversed()) {
            Node node = Node.parse(each);
            if (node == null) {
                return client;
            }
            client = node.endpoint();
            if (!proxies.trusted().trust(node.address())) {
                return client;
            }
        }
        return client;
    }

    private Hop standard(Headers headers) {
        Endpoint client = null;
        ForwardedElement last = ForwardedElement.NOTHING;
        for (ForwardedElement each : ForwardedElement.fromTheRight(headers, STANDARD)) {
            last = each;
            Node node = each.node();
            if (node == null) {
                break;
            }
            client = node.endpoint();
            if (!proxies.trusted().trust(node.address())) {
                break;
            }
        }
        return new Hop(client, scheme(last.proto()), host(last.host()));
    }

    private static @Nullable String scheme(@Nullable String proto) {
        return switch (proto == null ? "" : proto.toLowerCase(Locale.ROOT)) {
            case "http", "ws" -> "http";
            case "https", "wss" -> "https";
            default -> null;
        };
    }

    private static @Nullable String host(@Nullable String host) {
        if (host == null) {
            return null;
        }
        byte[] bytes = host.getBytes(StandardCharsets.ISO_8859_1);
        return Authority.isHost(bytes, 0, bytes.length) ? host : null;
    }

    private static Endpoint server(String host, String scheme) {
        int colon = host.lastIndexOf(':');
        boolean hasPort = colon > host.lastIndexOf(']');
        String name = hasPort ? host.substring(0, colon) : host;
        int port = hasPort ? IpText.port(host.substring(colon + 1)) : -1;
        int usual = scheme.equals("https") ? HTTPS_PORT : HTTP_PORT;
        return new Endpoint(
                name.startsWith("[") ? name.substring(1, name.length() - 1) : name,
                port < 0 ? usual : port);
    }

    private String prefix(Headers headers) {
        String prefix = takes(ForwardedField.PREFIX) ? FieldList.last(headers, X_PREFIX) : null;
        if (prefix == null
                || prefix.length() > LONGEST_PREFIX
                || !PREFIX.matcher(prefix).matches()) {
            return "";
        }
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    private static Headers withHost(Headers headers, String host) {
        byte[] value = host.getBytes(StandardCharsets.ISO_8859_1);
        int at = headers.find(HOST, 0);
        int before = headers.block().length;
        byte[] block = new byte[before + HOST.length + value.length];
        System.arraycopy(headers.block(), 0, block, 0, before);
        System.arraycopy(HOST, 0, block, before, HOST.length);
        System.arraycopy(value, 0, block, before + HOST.length, value.length);
        Headers.Builder all = Headers.over(block, headers.size() + 1);
        if (at < 0) {
            all.field(before, before + HOST.length, before + HOST.length, block.length);
        }
        for (int i = 0; i < headers.size(); i++) {
            all.field(
                    headers.nameStart(i),
                    headers.nameEnd(i),
                    i == at ? before + HOST.length : headers.valueStart(i),
                    i == at ? block.length : headers.valueEnd(i));
        }
        return all.build();
    }

    /// An address that a proxy names, and perhaps its port.
    record Node(InetAddress address, int port) {
        /// Reads an address: alone, `v4:port`, `[v6]` or `[v6]:port`; null for anything else.
        static @Nullable Node parse(String text) {
            if (text.startsWith("[")) {
                int end = text.indexOf(']');
                return end < 0
                        ? null
                        : of(IpText.v6(text.substring(1, end)), text.substring(end + 1));
            }
            int colon = text.indexOf(':');
            boolean hasPort = colon >= 0 && colon == text.lastIndexOf(':');
            return hasPort
                    ? of(IpText.v4(text.substring(0, colon)), text.substring(colon))
                    : of(IpText.address(text), "");
        }

        private static @Nullable Node of(@Nullable InetAddress address, String port) {
            int number =
                    port.isEmpty() ? 0 : port.startsWith(":") ? IpText.port(port.substring(1)) : -1;
            return address == null || number < 0 ? null : new Node(address, number);
        }

        Endpoint endpoint() {
            return new Endpoint(Addresses.text(address), port);
        }
    }
}
