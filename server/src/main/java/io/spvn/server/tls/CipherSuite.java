package io.spvn.server.tls;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What records are encrypted with. All there is: authenticated ciphers with keys of their own for
/// each connection, in the order in which the server prefers them. Java has others, with CBC or
/// without forward secrecy.
public enum CipherSuite {
    TLS_AES_128_GCM_SHA256(0x1301, "TLS_AES_128_GCM_SHA256"),
    TLS_AES_256_GCM_SHA384(0x1302, "TLS_AES_256_GCM_SHA384"),
    TLS_CHACHA20_POLY1305_SHA256(0x1303, "TLS_CHACHA20_POLY1305_SHA256"),
    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256(0xC02B, "ECDHE-ECDSA-AES128-GCM-SHA256"),
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256(0xC02F, "ECDHE-RSA-AES128-GCM-SHA256"),
    TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384(0xC02C, "ECDHE-ECDSA-AES256-GCM-SHA384"),
    TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384(0xC030, "ECDHE-RSA-AES256-GCM-SHA384"),
    TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256(0xCCA9, "ECDHE-ECDSA-CHACHA20-POLY1305"),
    TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256(0xCCA8, "ECDHE-RSA-CHACHA20-POLY1305");

    private final int number;
    private final String openssl;

    CipherSuite(int number, String openssl) {
        this.number = number;
        this.openssl = openssl;
    }

    /// With IANA.
    int number() {
        return number;
    }

    boolean isOfTls13() {
        return number >> 8 == 0x13;
    }

    /// The number of a suite by the name that Java has for it; it is one of these.
    static int number(String name) {
        return valueOf(name).number;
    }

    /// Reads names, as OpenSSL or IANA has them, with colons or commas between them. Those of
    /// another version of TLS than the names have keep their default, as with OpenSSL.
    public static List<CipherSuite> parse(String text) {
        List<CipherSuite> named =
                Arrays.stream(text.split("[:, ]+")).map(CipherSuite::named).distinct().toList();
        return Arrays.stream(values())
                .filter(suite -> named.contains(suite) || isUntouched(suite, named))
                .sorted((one, other) -> named.indexOf(one) - named.indexOf(other))
                .toList();
    }

    private static boolean isUntouched(CipherSuite suite, List<CipherSuite> named) {
        return named.stream().noneMatch(other -> other.isOfTls13() == suite.isOfTls13());
    }

    private static CipherSuite named(String name) {
        return Arrays.stream(values())
                .filter(suite -> suite.openssl.equalsIgnoreCase(name) || suite.isNamed(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "there is no suite '%s'; there are %s"
                                                .formatted(name, names())));
    }

    private boolean isNamed(String name) {
        return name().equals(name.toUpperCase(Locale.ROOT));
    }

    private static String names() {
        return String.join(", ", Arrays.stream(values()).map(suite -> suite.openssl).toList());
    }
}
