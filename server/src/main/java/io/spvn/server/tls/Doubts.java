package io.spvn.server.tls;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Why clients will refuse a certificate that the server can show.
final class Doubts {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");
    private static final Pattern BROKEN_DIGEST = Pattern.compile("^(MD|SHA-?1($|WITH))");
    private static final int SHORT_RSA = 2048;
    private static final int LARGEST_CURVE = 384;

    private Doubts() {}

    /// What is wrong with it, each in some words.
    static List<String> of(ServerCertificate certificate, Instant now) {
        List<String> doubts = new ArrayList<>();
        Instant from = certificate.own().getNotBefore().toInstant();
        if (certificate.expires().isBefore(now)) {
            doubts.add("it has expired on " + day(certificate.expires()));
        } else if (from.isAfter(now)) {
            doubts.add("it is not valid before " + day(from));
        }
        ofKey(certificate.own().getPublicKey(), doubts);
        certificate.chain().stream()
                .filter(each -> isSignedBadly(each))
                .map(each -> "it or its chain is signed with " + each.getSigAlgName())
                .findFirst()
                .ifPresent(doubts::add);
        return doubts;
    }

    private static void ofKey(PublicKey key, List<String> doubts) {
        if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < SHORT_RSA) {
            doubts.add(
                    "its RSA key has %d bits, less than 2048"
                            .formatted(rsa.getModulus().bitLength()));
        }
        // Java shows no certificate to a client of TLS 1.2 whose curve is not one of the groups.
        if (key instanceof ECPublicKey ec
                && ec.getParams().getCurve().getField().getFieldSize() > LARGEST_CURVE) {
            doubts.add("its key is on P-521, which is not spoken with TLS 1.2");
        }
    }

    /// Nobody looks at how an authority has signed itself.
    private static boolean isSignedBadly(X509Certificate certificate) {
        return BROKEN_DIGEST.matcher(certificate.getSigAlgName().toUpperCase(Locale.ROOT)).find()
                && !certificate
                        .getIssuerX500Principal()
                        .equals(certificate.getSubjectX500Principal());
    }

    static String day(Instant moment) {
        return DAY.format(moment.atOffset(ZoneOffset.UTC)) + " UTC";
    }
}
