package io.spvn.server.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificatesTest {
    private static ServerCertificate certificate(String kind, String... names) throws Exception {
        X509Certificate read =
                (X509Certificate)
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(
                                        new java.io.ByteArrayInputStream(
                                                KeyFixture.bytes(kind + ".crt")));
        String key = kind.equals("ec") ? "ec-sec1.pem" : "rsa-pkcs1.pem";
        return new ServerCertificate(
                Path.of(kind),
                List.of(read),
                java.util.Objects.requireNonNull(
                        PrivateKeys.of(Pem.blocks(KeyFixture.bytes(key)), null)),
                List.of(names),
                "");
    }

    private static Certificates several() throws Exception {
        return new Certificates(
                List.of(
                        certificate("ec", "main.test"),
                        certificate("rsa", "main.test"),
                        certificate("ec", "*.wild.test", "wild.test"),
                        certificate("ec", "exact.wild.test")));
    }

    @ParameterizedTest
    @CsvSource({
        "main.test, EC, 0",
        "MAIN.test, RSA, 1",
        "a.wild.test, EC, 2",
        "wild.test, EC, 2",
        "exact.wild.test, EC, 3",
        "a.b.wild.test, EC, 0",
        "unknown.test, RSA, 1",
        "test, EC, 0",
        ", EC, 0",
        ", RSA, 1",
        "a.wild.test, RSA, -1",
        "main.test, EdDSA, -1"
    })
    void find_byNameAndKindOfKey(@Nullable String name, String kind, int expected)
            throws Exception {
        assertEquals(expected, several().find(name, kind));
    }

    @Test
    void exchange_inTheMiddleOfAHandshake_keepsChainAndKeyTogether() throws Exception {
        ShownKeys keys = new ShownKeys();
        ServerCertificate old = certificate("ec", "a.test");
        ServerCertificate next = certificate("rsa", "a.test");
        keys.show(new Certificates(List.of(old)));
        var engine = javax.net.ssl.SSLContext.getDefault().createSSLEngine();
        String alias = assertNotNull2(keys.chooseEngineServerAlias("EC", null, engine));
        keys.show(new Certificates(List.of(next)));
        assertEquals(old.own(), assertNotNull2(keys.getCertificateChain(alias))[0]);
        assertEquals(old.key(), keys.getPrivateKey(alias));
        assertNull(keys.chooseEngineServerAlias("EC", null, engine));
        keys.show(new Certificates(List.of(next)));
        assertNull(keys.getPrivateKey(alias), "two exchanges later");
    }

    private static <T> T assertNotNull2(@Nullable T value) {
        assertNotNull(value);
        return java.util.Objects.requireNonNull(value);
    }
}
