package io.spvn.server.proxy;

import io.spvn.bridge.exchange.Ledger;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.Connection;
import io.spvn.server.connection.Conversation;
import io.spvn.server.connection.Due;
import io.spvn.server.connection.Opening;
import io.spvn.server.connection.Protocol;
import io.spvn.server.proxy.ProxyHeader.Malformed;
import io.spvn.server.proxy.ProxyHeader.Said;
import org.jspecify.annotations.Nullable;

/// What is spoken on a connection of a proxy before all else, TLS included: the header of the PROXY
/// protocol. It has the time of the first byte of a request, and of its head from its own first
/// byte on.
///
///     a header that names a client     the connection is that client's from now on
///     one that names nobody            the connection is the proxy's own
///     none, or a wrong one             closed without a word, counted
///     the proxy is not trusted         closed without a word, counted
///     it leaves without a byte         nothing: balancers look that way whether somebody listens
final class ProxyPreface implements Conversation {
    private final Connection connection;
    private final ProxiedSocket socket;
    private final TrustedPeers trusted;
    private final Protocol next;
    private boolean clockRuns; // the reader's

    private ProxyPreface(
            Connection connection, ProxiedSocket socket, TrustedPeers trusted, Protocol next) {
        this.connection = connection;
        this.socket = socket;
        this.trusted = trusted;
        this.next = next;
    }

    /// How connections begin that proxies make.
    ///
    /// @param inner how they go on
    /// @param proxies whose word is taken, and in which form
    static Opening.Kind before(Opening.Kind inner, Proxies proxies, Ledger ledger) {
        return plain -> {
            ProxiedSocket socket = new ProxiedSocket(plain, proxies.preface(), ledger);
            Opening opening = inner.of(socket);
            return new Opening(
                    opening.socket(),
                    begun ->
                            new ProxyPreface(begun, socket, proxies.trusted(), opening.protocol()));
        };
    }

    @Override
    public @Nullable Conversation run() {
        if (!trusted.trust(connection.peers().client())) {
            refuse("--forwarded-allow-ips does not have it");
            return null;
        }
        try {
            Said said = socket.readHeader(this::begun);
            if (said instanceof Said.Unfinished) {
                if (socket.hasBegun()) {
                    refuse("PROXY header without an end");
                }
                return null;
            }
        } catch (Malformed wrong) {
            refuse(String.valueOf(wrong.getMessage()));
            return null;
        }
        if (!connection.clock().stop()) {
            return null; // too late, and it is being closed
        }
        connection.introduced();
        connection.ending().expect(Due.FIRST_BYTE);
        return next.on(connection);
    }

    /// The time is not extended by what comes after its first byte.
    private void begun() {
        if (!clockRuns) {
            clockRuns = true;
            connection.ending().expect(Due.HEAD);
        }
    }

    private void refuse(String detail) {
        connection.turnAway(Rejected.PROXY_HEADER, detail);
    }

    @Override
    public void late(Due due) {
        connection.turnAway(Rejected.PROXY_HEADER, "PROXY header without an end in time");
    }

    @Override
    public void broken() {
        // nobody waits
    }
}
