package io.spvn.server.tls;

import io.spvn.server.tls.TlsSettings.Source;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads certificates and their keys. Any thread; nothing is remembered.
final class CertificateLoader {
    private final CertificateFiles files;
    private final @Nullable String password;
    private final @Nullable Path authorities;

    CertificateLoader(TlsSettings settings) {
        this.files = new CertificateFiles(settings.certificates());
        this.password = settings.password();
        this.authorities = settings.authorities();
    }

    /// All files that count now, and the folders that were named.
    List<Path> files() {
        List<Path> all = new ArrayList<>();
        files.sources().stream().map(Source::path).forEach(all::add);
        for (Source.Files pair : files.pairs()) {
            Stream.of(pair.path(), pair.key()).filter(each -> each != null).forEach(all::add);
        }
        if (authorities != null) {
            all.add(authorities);
        }
        return all.stream().distinct().toList();
    }

    /// @throws TlsFailure when one cannot be used
    List<ServerCertificate> certificates() {
        return files.pairs().stream().map(this::certificate).toList();
    }

    /// Those whose clients are trusted; none where no file was named.
    ///
    /// @throws TlsFailure when the file cannot be used
    List<X509Certificate> authorities() {
        if (authorities == null) {
            return List.of();
        }
        List<X509Certificate> found = chain(authorities, blocks(authorities, read(authorities)));
        if (found.isEmpty()) {
            throw TlsFailure.of(authorities, "no certificate in it; give a file in PEM");
        }
        return found;
    }

    private ServerCertificate certificate(Source.Files pair) {
        byte[] content = read(pair.path());
        if (KeyStoreFile.isOne(content)) {
            requireNoKey(pair);
            return KeyStoreFile.certificate(pair.path(), content, password);
        }
        List<Pem.Block> blocks = blocks(pair.path(), content);
        List<X509Certificate> chain = chain(pair.path(), blocks);
        if (chain.isEmpty()) {
            throw TlsFailure.of(
                    pair.path(),
                    blocks.isEmpty()
                            ? "neither PEM nor PKCS#12; convert it with 'openssl x509 -outform pem'"
                            : "no certificate in it; is it the file of the key?");
        }
        Path keyFile = pair.key() == null ? pair.path() : pair.key();
        PrivateKey key = key(keyFile, pair.key() == null ? blocks : blocks(keyFile, read(keyFile)));
        KeyMatch.require(pair.path(), chain, keyFile, key);
        return ServerCertificate.of(pair.path(), chain, key);
    }

    private static void requireNoKey(Source.Files pair) {
        if (pair.key() != null) {
            throw TlsFailure.of(pair.path(), "PKCS#12 has its key in it; leave the other file out");
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException failure) {
            throw TlsFailure.of(file, FileReason.of(failure));
        }
    }

    private static List<Pem.Block> blocks(Path file, byte[] content) {
        try {
            return Pem.blocks(content);
        } catch (IllegalArgumentException broken) {
            throw TlsFailure.of(file, "broken PEM: " + broken.getMessage());
        }
    }

    private static List<X509Certificate> chain(Path file, List<Pem.Block> blocks) {
        return blocks.stream()
                .filter(Pem.Block::isCertificate)
                .map(block -> certificate(file, block.content()))
                .toList();
    }

    private static X509Certificate certificate(Path file, byte[] encoded) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(encoded));
        } catch (CertificateException broken) {
            throw TlsFailure.of(file, "broken certificate: " + broken.getMessage());
        }
    }

    private PrivateKey key(Path file, List<Pem.Block> blocks) {
        try {
            PrivateKey key = PrivateKeys.of(blocks, password);
            if (key == null) {
                throw TlsFailure.of(
                        file, "no private key in PEM in it; name its file with --ssl-key-file");
            }
            return key;
        } catch (PrivateKeys.WrongPassword wrong) {
            throw wrongPassword(file, password);
        } catch (IllegalArgumentException unusable) {
            throw TlsFailure.of(file, "broken key: " + unusable.getMessage());
        }
    }

    static TlsFailure wrongPassword(Path file, @Nullable String password) {
        return TlsFailure.of(
                file,
                password == null
                        ? "the key is encrypted; give its password with --ssl-key-password"
                        : "the password of --ssl-key-password is not that of the key");
    }
}
