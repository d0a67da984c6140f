package io.spvn.bridge.asgi;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a scope says of the encryption of its connection: the `tls` extension of ASGI. The same
/// object for all requests of a connection.
///
/// @param serverCert the certificate that the client was shown, in PEM
/// @param clientChain the client's certificates in PEM, its own first; empty where it sent none.
///   They have been verified: a connection with others does not come about
/// @param clientName the subject of the client's certificate (RFC 4514), null where it sent none
/// @param version as in a ClientHello, 0x0303 for TLS 1.2
/// @param cipherSuite its number with IANA
public record Tls(
        String serverCert,
        List<String> clientChain,
        @Nullable String clientName,
        int version,
        int cipherSuite) {
    public Tls {
        Objects.requireNonNull(serverCert, "serverCert is null");
        clientChain = List.copyOf(clientChain);
    }
}
