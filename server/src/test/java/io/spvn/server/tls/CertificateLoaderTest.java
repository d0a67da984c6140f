package io.spvn.server.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.server.tls.TlsSettings.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateLoaderTest {
    @TempDir private Path folder;

    private static TlsSettings settings(@Nullable String password, Source... sources) {
        return new TlsSettings(
                List.of(sources),
                false,
                password,
                null,
                ClientAuth.NONE,
                TlsVersion.TLS_1_2,
                List.of(CipherSuite.values()),
                List.of(Group.values()),
                null,
                null);
    }

    private static List<ServerCertificate> load(@Nullable String password, Source... sources) {
        return new CertificateLoader(settings(password, sources)).certificates();
    }

    private Path put(String fixture, String name) {
        return KeyFixture.copy(fixture, folder.resolve(name));
    }

    private String refusal(@Nullable String password, Source source) {
        TlsFailure failure = assertThrows(TlsFailure.class, () -> load(password, source));
        return String.valueOf(failure.getMessage()).replace(folder + "/", "");
    }

    private Source.Files pair(String certificate, @Nullable String key) {
        return new Source.Files(put(certificate, certificate), key == null ? null : put(key, key));
    }

    @Test
    void pair_inTwoFilesOrInOne() throws IOException {
        ServerCertificate two = load(null, pair("ec.crt", "ec-sec1.pem")).getFirst();
        assertEquals(List.of("ec.test", "*.wild.test"), two.names());
        assertEquals("EC", two.keyType());
        Path both = folder.resolve("both.pem");
        Files.write(both, KeyFixture.bytes("ec-sec1.pem"));
        Files.write(both, KeyFixture.bytes("ec.crt"), java.nio.file.StandardOpenOption.APPEND);
        assertEquals(two.own(), load(null, new Source.Files(both, null)).getFirst().own());
    }

    @Test
    void commonName_countsWhereThereIsNoOther() {
        assertEquals(
                List.of("rsa.test"),
                load(null, pair("rsa.crt", "rsa-pkcs1.pem")).getFirst().names());
    }

    @Test
    void pkcs12_withAndWithoutAName_andPassword() {
        assertEquals(
                List.of("ec.test", "*.wild.test"),
                load(KeyFixture.PASSWORD, pair("ec.p12", null)).getFirst().names());
        assertEquals(1, load(null, pair("ec-no-password.p12", null)).size());
        assertEquals(
                "ec.p12: the key is encrypted; give its password with --ssl-key-password",
                refusal(null, pair("ec.p12", null)));
        assertEquals(
                "ec.p12: the password of --ssl-key-password is not that of the key",
                refusal("x", pair("ec.p12", null)));
    }

    @Test
    void mismatch_saysWhatIsWrong() throws IOException {
        assertEquals(
                "ec.crt: the key in "
                        + folder.resolve("rsa-pkcs1.pem").getFileName()
                        + " is not that of the certificate; give both of one pair",
                refusal(null, pair("ec.crt", "rsa-pkcs1.pem")));
        Path wrongOrder = folder.resolve("order.crt");
        Files.write(wrongOrder, KeyFixture.bytes("rsa.crt"));
        Files.write(
                wrongOrder, KeyFixture.bytes("ec.crt"), java.nio.file.StandardOpenOption.APPEND);
        assertEquals(
                "order.crt: the server's own certificate has to come first, before those of its"
                        + " authorities",
                refusal(null, new Source.Files(wrongOrder, put("ec-sec1.pem", "ec-sec1.pem"))));
    }

    @Test
    void folder_hasPairsByTheirNames() throws IOException {
        put("ec.crt", "a.crt");
        put("ec-sec1.pem", "a.key");
        put("rsa.crt", "b.pem");
        put("rsa-pkcs1.pem", "b-key.pem");
        put("ed25519.crt", "below/fullchain.pem");
        put("ed25519.pem", "below/privkey.pem");
        put("ed25519.crt", "below/cert.pem");
        put("ed25519.crt", "ca.crt");
        put("ec.crt", "..2026/tls.crt");
        put("ec-sec1.pem", "..2026/tls.key");
        Files.writeString(folder.resolve("README"), "nothing");
        assertEquals(
                List.of("ec.test", "rsa.test", "ed.test"),
                load(null, new Source.Folder(folder)).stream()
                        .map(each -> each.names().getFirst())
                        .toList());
    }

    @Test
    void files_areThoseThatAreRead() {
        Path certificate = put("ec.crt", "in/a.crt");
        Path key = put("ec-sec1.pem", "in/a.key");
        Path in = Objects.requireNonNull(certificate.getParent());
        assertEquals(
                List.of(in, certificate, key),
                new CertificateLoader(settings(null, new Source.Folder(in))).files());
    }

    @Test
    void pem_isThatOfTheFile() {
        String text =
                new String(KeyFixture.bytes("ec.crt"), java.nio.charset.StandardCharsets.UTF_8);
        ServerCertificate read = load(null, pair("ec.crt", "ec-sec1.pem")).getFirst();
        assertEquals(text, read.pem());
        assertTrue(read.expires().isAfter(java.time.Instant.now()));
    }
}
