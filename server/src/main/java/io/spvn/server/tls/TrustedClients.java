package io.spvn.server.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Whose certificates of clients are taken; the authorities can be exchanged. While there are none
/// nobody's are.
final class TrustedClients extends X509ExtendedTrustManager {
    private volatile @Nullable X509ExtendedTrustManager current;

    /// From now on these authorities are trusted.
    void trust(List<X509Certificate> authorities) {
        current = authorities.isEmpty() ? null : managerOf(authorities);
    }

    private static X509ExtendedTrustManager managerOf(List<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority-" + i, authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager each : factory.getTrustManagers()) {
                if (each instanceof X509ExtendedTrustManager manager) {
                    return manager;
                }
            }
            throw new IllegalStateException("no trust manager");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a store in memory", e);
        }
    }

    private X509ExtendedTrustManager manager() throws CertificateException {
        X509ExtendedTrustManager manager = current;
        if (manager == null) {
            throw new CertificateException("no authority is trusted");
        }
        return manager;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        manager().checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        manager().checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        X509ExtendedTrustManager manager = current;
        return manager == null ? new X509Certificate[0] : manager.getAcceptedIssuers();
    }

    // ---- of sockets and servers, which there are none of

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        throw new CertificateException("not a server of sockets");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("not a client");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        throw new CertificateException("not a client");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw new CertificateException("not a client");
    }
}
