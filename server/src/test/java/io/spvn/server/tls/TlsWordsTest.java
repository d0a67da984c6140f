package io.spvn.server.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The names of suites, versions, groups and failures.
class TlsWordsTest {
    @Test
    void suites_areKnownToJava() throws Exception {
        List<String> known =
                List.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
        for (CipherSuite each : CipherSuite.values()) {
            assertEquals(true, known.contains(each.name()), each.name());
            assertEquals(each.number(), CipherSuite.number(each.name()));
        }
    }

    @Test
    void suites_keepTheOtherVersionsDefault_andTheirOrder() {
        assertEquals(
                List.of(
                        CipherSuite.TLS_AES_128_GCM_SHA256,
                        CipherSuite.TLS_AES_256_GCM_SHA384,
                        CipherSuite.TLS_CHACHA20_POLY1305_SHA256,
                        CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
                        CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256),
                CipherSuite.parse("ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256"));
        assertThrows(IllegalArgumentException.class, () -> CipherSuite.parse("AES128-SHA"));
    }

    @ParameterizedTest
    @CsvSource({"1.2, TLS_1_2", "TLSv1.2, TLS_1_2", "tls1.3, TLS_1_3", "1.3, TLS_1_3"})
    void versions(String text, TlsVersion expected) {
        assertEquals(expected, TlsVersion.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1", "SSLv3", "", "1.4", "13"})
    void versionsThatThereAreNot(String text) {
        assertThrows(IllegalArgumentException.class, () -> TlsVersion.parse(text));
    }

    @Test
    void groups() {
        assertEquals(
                List.of(Group.P_384, Group.P_256, Group.X25519),
                Group.parse("secp384r1:prime256v1,X25519:P-384"));
        assertThrows(IllegalArgumentException.class, () -> Group.parse("X448"));
    }

    @ParameterizedTest
    @CsvSource({
        "(handshake_failure) no cipher suites in common, handshake_failure",
        "(certificate_required) Empty client certificate chain, certificate_required",
        "(unknown_ca) Received fatal alert: unknown_ca, client_unknown_ca",
        "Received fatal alert: bad_certificate, client_bad_certificate",
        "Unsupported or unrecognized SSL message, unexpected_message",
        "(made_up) something, other",
        "anything, other"
    })
    void reasonsOfFailures(String message, String expected) {
        assertEquals(expected, FailureReason.of(new SSLException(message)));
    }

    @Test
    void recordThatIsNone_isUnexpected() {
        assertEquals(
                "unexpected_message",
                FailureReason.of(new SSLProtocolException("Invalid TLS record")));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 255, 256, 65_535, 65_536})
    void der_isReadAsItWasWritten(int length) {
        byte[] content = new byte[length];
        Arrays.fill(content, (byte) 7);
        Der.Value read = Der.read(Der.value(Der.OCTET_STRING, content));
        assertEquals(Der.OCTET_STRING, read.tag());
        assertArrayEquals(content, read.content());
        assertArrayEquals(read.encoded(), Der.value(Der.OCTET_STRING, content));
    }

    @Test
    void der_objectIdentifier() {
        assertArrayEquals(
                new byte[] {6, 6, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D},
                Der.oid("1.2.840.113549"));
    }
}
