package io.spvn.server.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A certificate and its key in PKCS#12, whatever name they have there, if any.
final class KeyStoreFile {
    private KeyStoreFile() {}

    /// Whether it begins as PKCS#12 does: a sequence whose first field is the number 3.
    static boolean isOne(byte[] content) {
        try {
            List<Der.Value> fields = Der.read(content).require(Der.SEQUENCE).children();
            Der.Value version = fields.getFirst();
            return version.tag() == Der.INTEGER && Arrays.equals(version.content(), new byte[] {3});
        } catch (RuntimeException notDer) {
            return false;
        }
    }

    /// @throws TlsFailure when it cannot be used
    static ServerCertificate certificate(Path file, byte[] content, @Nullable String password) {
        char[] secret = password == null ? new char[0] : password.toCharArray();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(content), secret);
            return certificate(file, store, secret);
        } catch (UnrecoverableKeyException wrong) {
            throw CertificateLoader.wrongPassword(file, password);
        } catch (IOException failure) {
            throw failure.getCause() instanceof UnrecoverableKeyException
                    ? CertificateLoader.wrongPassword(file, password)
                    : TlsFailure.of(file, "broken PKCS#12: " + failure.getMessage());
        } catch (GeneralSecurityException failure) {
            throw TlsFailure.of(file, "broken PKCS#12: " + failure.getMessage());
        }
    }

    private static ServerCertificate certificate(Path file, KeyStore store, char[] secret)
            throws GeneralSecurityException {
        for (String alias : Collections.list(store.aliases())) {
            Certificate[] chain = store.getCertificateChain(alias);
            if (chain != null && store.getKey(alias, secret) instanceof PrivateKey key) {
                List<X509Certificate> certificates =
                        Arrays.stream(chain).map(X509Certificate.class::cast).toList();
                UsableKey.require(file, certificates.getFirst().getPublicKey());
                KeyMatch.require(file, certificates, file, key);
                return ServerCertificate.of(file, certificates, key);
            }
        }
        throw TlsFailure.of(file, "no private key with a certificate in it");
    }
}
