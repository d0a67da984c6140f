package io.spvn.server.tls;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/// A certificate for this machine that nobody but who made it can trust, for development: X.509
/// version 3 (RFC 5280), P-256. Java reads certificates, and has no public way to make one.
final class SelfSigned {
    private static final Duration VALID = Duration.ofDays(30);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'");

    private static final String COMMON_NAME = "2.5.4.3";
    private static final String ALTERNATIVE_NAMES = "2.5.29.17";
    private static final String CONSTRAINTS = "2.5.29.19";
    private static final String KEY_USAGE = "2.5.29.37";
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;

    private SelfSigned() {}

    static ServerCertificate make(Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            byte[] said = said(pair.getPublic().getEncoded(), now);
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(said);
            byte[] all = Der.sequence(said, ECDSA_WITH_SHA256, Der.bits(signature.sign()));
            X509Certificate certificate =
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(new ByteArrayInputStream(all));
            return ServerCertificate.of(
                    Path.of("--ssl-self-signed"), List.of(certificate), pair.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has P-256 and X.509", e);
        }
    }

    private static byte[] said(byte[] publicKey, Instant now) {
        byte[] name = name("spvn, self-signed");
        return Der.sequence(
                Der.value(Der.TAGGED, Der.integer(BigInteger.TWO)),
                Der.integer(new BigInteger(120, new SecureRandom()).add(BigInteger.ONE)),
                ECDSA_WITH_SHA256,
                name,
                Der.sequence(time(now.minusSeconds(60)), time(now.plus(VALID))),
                name,
                publicKey,
                Der.value(
                        Der.TAGGED + 3,
                        Der.sequence(
                                extension(ALTERNATIVE_NAMES, Der.sequence(alternatives())),
                                extension(CONSTRAINTS, Der.sequence()),
                                extension(KEY_USAGE, Der.sequence(Der.oid(SERVER_AUTH))))));
    }

    private static byte[] name(String common) {
        byte[] text = Der.value(Der.UTF8_STRING, common.getBytes(StandardCharsets.UTF_8));
        return Der.sequence(Der.value(Der.SET, Der.sequence(Der.oid(COMMON_NAME), text)));
    }

    private static byte[] time(Instant moment) {
        String text = TIME.format(moment.atOffset(ZoneOffset.UTC));
        boolean isNear = moment.atOffset(ZoneOffset.UTC).getYear() < 2050; // RFC 5280 4.1.2.5
        return isNear
                ? Der.value(Der.UTC_TIME, Pem.ascii(text.substring(2)))
                : Der.value(Der.GENERALIZED_TIME, Pem.ascii(text));
    }

    private static byte[] extension(String oid, byte[] content) {
        return Der.sequence(Der.oid(oid), Der.value(Der.OCTET_STRING, content));
    }

    private static byte[][] alternatives() {
        List<byte[]> names = new ArrayList<>();
        names.add(Der.value(DNS_NAME, Pem.ascii("localhost")));
        names.add(Der.value(DNS_NAME, Pem.ascii("*.localhost")));
        names.add(Der.value(IP_ADDRESS, new byte[] {127, 0, 0, 1}));
        byte[] six = new byte[16];
        six[15] = 1;
        names.add(Der.value(IP_ADDRESS, six));
        String host = hostName();
        if (!host.isEmpty()) {
            names.add(Der.value(DNS_NAME, Pem.ascii(host)));
        }
        return names.toArray(byte[][]::new);
    }

    private static String hostName() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            return name.matches("[A-Za-z0-9.-]+") ? name : "";
        } catch (UnknownHostException nameless) {
            return "";
        }
    }
}
