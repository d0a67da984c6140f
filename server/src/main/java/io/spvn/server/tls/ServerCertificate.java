package io.spvn.server.tls;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A certificate that the server can show, with all it needs for that, decoded.
///
/// @param file where it was read
/// @param chain its own certificate first
/// @param names it is for, in lower case, `*.` for any one label
/// @param pem its own certificate
record ServerCertificate(
        Path file, List<X509Certificate> chain, PrivateKey key, List<String> names, String pem) {
    private static final Pattern COMMON_NAME = Pattern.compile("(?:^|,)CN=([^,+\\\\]+)");
    private static final int DNS_NAME = 2;

    static ServerCertificate of(Path file, List<X509Certificate> chain, PrivateKey key) {
        X509Certificate own = chain.getFirst();
        return new ServerCertificate(file, List.copyOf(chain), key, names(own), pem(own));
    }

    X509Certificate own() {
        return chain.getFirst();
    }

    /// As Java's TLS asks for it: `EC`, `RSA`, `RSASSA-PSS` or `EdDSA`.
    String keyType() {
        return own().getPublicKey().getAlgorithm();
    }

    Instant expires() {
        return own().getNotAfter().toInstant();
    }

    static String pem(X509Certificate certificate) {
        try {
            return Pem.text("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("it was read from its encoding", e);
        }
    }

    /// The alternative names that are host names; the common name where there are none.
    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        for (List<?> name : alternatives(certificate)) {
            if (Integer.valueOf(DNS_NAME).equals(name.get(0))) {
                names.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
            }
        }
        if (names.isEmpty()) {
            Matcher common =
                    COMMON_NAME.matcher(certificate.getSubjectX500Principal().getName("RFC2253"));
            if (common.find()) {
                names.add(common.group(1).toLowerCase(Locale.ROOT));
            }
        }
        return List.copyOf(names);
    }

    private static Collection<List<?>> alternatives(X509Certificate certificate) {
        try {
            Collection<List<?>> found = certificate.getSubjectAlternativeNames();
            return found == null ? List.of() : found;
        } catch (CertificateParsingException unreadable) {
            return List.of();
        }
    }
}
