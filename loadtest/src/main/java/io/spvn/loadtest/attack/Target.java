package io.spvn.loadtest.attack;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;

/// Where requests go.
///
/// @param url as the user wrote it
/// @param address resolved once
/// @param authority of the Host field
/// @param requestTarget path and query in origin form (RFC 9112, 3.2.1)
public record Target(
        String url, InetSocketAddress address, String authority, String requestTarget) {
    private static final String SCHEME = "http:";
    private static final int HTTP_PORT = 80;

    /// Reads an `http` URL and resolves its host.
    ///
    /// @param allowRemote whether hosts other than this machine's loopback are let through
    /// @throws IllegalArgumentException with a line for the user
    public static Target of(String url, boolean allowRemote) {
        URI uri = uri(url);
        String host = uri.getHost();
        InetAddress[] addresses = resolve(host);
        if (!allowRemote && !Arrays.stream(addresses).allMatch(InetAddress::isLoopbackAddress)) {
            throw new IllegalArgumentException(
                    url
                            + ": "
                            + host
                            + " is not this machine; --allow-remote lets it be attacked, if you may");
        }
        int port = uri.getPort() < 0 ? HTTP_PORT : uri.getPort();
        return new Target(
                url, new InetSocketAddress(addresses[0], port), uri.getRawAuthority(), path(uri));
    }

    private static URI uri(String url) {
        if (!url.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new IllegalArgumentException(
                    url + ": write http://HOST:PORT/PATH; no other scheme is supported");
        }
        URI uri;
        try {
            uri = new URI(new URI(url).toASCIIString());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(url + ": not a URL: " + e.getReason(), e);
        }
        if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 0xFFFF) {
            throw new IllegalArgumentException(url + ": no host, or a port that cannot be");
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    url + ": a password in a URL is not sent; use --header 'Authorization: ...'");
        }
        return uri;
    }

    private static InetAddress[] resolve(String host) {
        try {
            return InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(host + ": this host is not known", e);
        }
    }

    private static String path(URI uri) {
        String path = uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return (path == null || path.isEmpty() ? "/" : path) + query;
    }
}
