package io.spvn.server.tls;

import java.nio.file.Path;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.stream.Stream;

/// Whether TLS can do anything with the key of a certificate.
final class UsableKey {
    /// Signatures of TLS 1.3 do not fit into a much shorter one.
    private static final int LEAST_RSA = 1024;

    /// P-256, P-384 and P-521. Java can read keys of others, and then signs nothing with them.
    private static final byte[][] CURVES =
            Stream.of("1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35")
                    .map(Der::oid)
                    .toArray(byte[][]::new);

    private UsableKey() {}

    /// @throws TlsFailure when no client can agree with the server on it
    static void require(Path file, PublicKey key) {
        boolean usable =
                switch (key) {
                    case RSAPublicKey rsa -> rsa.getModulus().bitLength() >= LEAST_RSA;
                    case ECPublicKey curved -> isOnKnownCurve(curved);
                    default -> key instanceof EdECPublicKey;
                };
        if (!usable) {
            throw TlsFailure.of(
                    file,
                    "its key is too short for TLS, or of a kind or curve that is not spoken (%s);"
                                    .formatted(key.getAlgorithm())
                            + " use RSA with 2048 bits, EC with P-256 or P-384, or Ed25519");
        }
    }

    private static boolean isOnKnownCurve(PublicKey key) {
        Der.Value algorithm = Der.read(key.getEncoded()).children().getFirst();
        byte[] curve = algorithm.children().getLast().encoded();
        return Arrays.stream(CURVES).anyMatch(known -> Arrays.equals(known, curve));
    }
}
