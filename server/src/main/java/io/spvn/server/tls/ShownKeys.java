package io.spvn.server.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Which certificate a client is shown; they can be exchanged while handshakes are under way. A
/// handshake first has one chosen and then asks for its chain and its key by a name, so those
/// before are remembered, once.
///
/// The key managers that Java has take milliseconds a handshake, or know one certificate.
final class ShownKeys extends X509ExtendedKeyManager {
    private volatile Generation current = new Generation(0, Certificates.NONE, Certificates.NONE);

    private record Generation(int number, Certificates shown, Certificates before) {
        String alias(int index) {
            return number + "/" + index;
        }

        @Nullable ServerCertificate find(String alias) {
            int slash = alias.indexOf('/');
            int age = number - Integer.parseInt(alias.substring(0, slash));
            int index = Integer.parseInt(alias.substring(slash + 1));
            List<ServerCertificate> all = (age == 0 ? shown : before).all();
            return age <= 1 && index < all.size() ? all.get(index) : null;
        }
    }

    /// From now on these are shown. One thread at a time.
    void show(Certificates next) {
        Generation before = current;
        current = new Generation(before.number() + 1, next, before.shown());
    }

    Certificates shown() {
        return current.shown();
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        Generation now = current;
        int found = now.shown().find(host(engine), keyType);
        return found < 0 ? null : now.alias(found);
    }

    private static @Nullable String host(SSLEngine engine) {
        if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName name : session.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        ServerCertificate found = current.find(alias);
        return found == null ? null : found.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        ServerCertificate found = current.find(alias);
        return found == null ? null : found.key();
    }

    // ---- of sockets and clients, which there are none of

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
