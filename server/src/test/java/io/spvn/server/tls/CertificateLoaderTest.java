package io.spvn.server.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.server.tls.TlsSettings.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateLoaderTest {
    private final Instant now = Instant.now();

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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "empty|ec-sec1.pem|empty: the file is empty; write it anew",
                "ec.crt|empty|empty: the file is empty; write it anew",
                "folder|ec-sec1.pem|folder: it is a folder; name a file, or give it to --ssl-cert",
                "ec.crt|folder|folder: it is a folder; name a file, or give it to --ssl-cert",
                "ec.der|ec-sec1.pem|ec.der: it is DER, not PEM; convert it with 'openssl x509"
                        + " -inform der'",
                "ec.crt|key.der|key.der: it is DER, not PEM; convert it with 'openssl pkey"
                        + " -inform der'",
                "ec.crt|ec.p12|ec.p12: it is PKCS#12; give it as --ssl-cert-file, without a file"
                        + " for the key",
                "ec-sec1.pem|ec.crt|ec-sec1.pem: no certificate in it but EC PRIVATE KEY; name"
                        + " another file",
                "ec.crt|ec.crt|ec.crt: no private key in it but CERTIFICATE; name its file with"
                        + " --ssl-key-file",
                "cut|ec-sec1.pem|cut: it is cut off, PEM has a line '-----END' at its end; write"
                        + " it anew",
                "text|ec-sec1.pem|text: it is neither PEM nor PKCS#12; name another file",
                "ec.crt|ssh|ssh: the key cannot be used: OPENSSH PRIVATE KEY is not supported;"
                        + " use PKCS#8, PKCS#1 or SEC 1",
                "secp256k1.crt|secp256k1.pem|secp256k1.crt: its key is too short for TLS, or of a"
                        + " kind or curve that is not spoken (EC); use RSA with 2048 bits, EC with"
                        + " P-256 or P-384, or Ed25519",
                "rsa512.crt|rsa512.pem|rsa512.crt: its key is too short for TLS, or of a kind or"
                        + " curve that is not spoken (RSA); use RSA with 2048 bits, EC with P-256"
                        + " or P-384, or Ed25519",
            })
    void fileThatIsSomethingElse_isCalledByItsName(String certificate, String key, String said)
            throws IOException {
        assertEquals(said, refusal(null, new Source.Files(made(certificate), made(key))));
    }

    private Path made(String name) throws IOException {
        Path file = folder.resolve(name);
        return switch (name) {
            case "empty" -> Files.write(file, new byte[0]);
            case "folder" -> Files.createDirectories(file);
            case "text" -> Files.writeString(file, "certificate");
            case "cut" -> Files.write(file, Arrays.copyOf(KeyFixture.bytes("ec.crt"), 300));
            case "ssh" ->
                    Files.writeString(
                            file,
                            """
                            -----BEGIN OPENSSH PRIVATE KEY-----
                            MII=
                            -----END OPENSSH PRIVATE KEY-----
                            """);
            case "ec.der" ->
                    Files.write(file, Pem.blocks(KeyFixture.bytes("ec.crt")).getFirst().content());
            case "key.der" ->
                    Files.write(
                            file,
                            Pem.blocks(KeyFixture.bytes("ec-pkcs8.pem")).getFirst().content());
            default -> put(name, name);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "rsa1024.crt, rsa1024.pem, 'its RSA key has 1024 bits, less than 2048'",
        "rsa-md5.crt, rsa-pkcs8.pem, it or its chain is signed with MD5withRSA",
        "p521.crt, p521.pem, 'its key is on P-521, which is not spoken with TLS 1.2'",
    })
    void certificateThatClientsRefuse_isDoubted(String certificate, String key, String doubt) {
        assertEquals(List.of(doubt), Doubts.of(load(null, pair(certificate, key)).getFirst(), now));
    }

    @Test
    void goodCertificate_isDoubtedOutOfItsTimeAlone() {
        ServerCertificate good = load(null, pair("ec.crt", "ec-sec1.pem")).getFirst();
        assertEquals(List.of(), Doubts.of(good, now));
        assertEquals(
                List.of(
                        "it is not valid before "
                                + Doubts.day(good.own().getNotBefore().toInstant())),
                Doubts.of(good, Instant.EPOCH));
        assertEquals(
                List.of("it has expired on " + Doubts.day(good.expires())),
                Doubts.of(good, good.expires().plusSeconds(1)));
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
