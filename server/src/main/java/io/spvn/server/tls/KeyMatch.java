package io.spvn.server.tls;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;

/// Whether a key is that of a certificate: what the one signs, the other verifies.
final class KeyMatch {
    private static final byte[] PROBE = "spvn".getBytes(StandardCharsets.US_ASCII);

    private KeyMatch() {}

    /// @throws TlsFailure when the key is not that of the first certificate of the chain
    static void require(Path file, List<X509Certificate> chain, Path keyFile, PrivateKey key) {
        if (fits(chain.getFirst(), key)) {
            return;
        }
        boolean later = chain.stream().anyMatch(certificate -> fits(certificate, key));
        throw TlsFailure.of(
                file,
                later
                        ? "the server's own certificate has to come first, before those of its"
                                + " authorities"
                        : "the key"
                                + (keyFile.equals(file) ? "" : " in " + keyFile)
                                + " is not that of the certificate; give both of one pair");
    }

    private static boolean fits(X509Certificate certificate, PrivateKey key) {
        try {
            Signature signature = signature(key);
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException other) {
            return false;
        }
    }

    private static Signature signature(PrivateKey key) throws GeneralSecurityException {
        return switch (key.getAlgorithm()) {
            case "RSA" -> Signature.getInstance("SHA256withRSA");
            case "EC" -> Signature.getInstance("SHA256withECDSA");
            case "RSASSA-PSS" -> {
                Signature pss = Signature.getInstance("RSASSA-PSS");
                pss.setParameter(
                        new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
                yield pss;
            }
            default -> Signature.getInstance("EdDSA");
        };
    }
}
