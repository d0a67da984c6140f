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
        return chain(authorities, read(authorities));
    }

    private ServerCertificate certificate(Source.Files pair) {
        byte[] content = read(pair.path());
        if (KeyStoreFile.isOne(content)) {
            requireNoKey(pair);
            return KeyStoreFile.certificate(pair.path(), content, password);
        }
        List<X509Certificate> chain = chain(pair.path(), content);
        UsableKey.require(pair.path(), chain.getFirst().getPublicKey());
        Path keyFile = pair.key() == null ? pair.path() : pair.key();
        PrivateKey key = key(keyFile, pair.key() == null ? content : read(keyFile));
        KeyMatch.require(pair.path(), chain, keyFile, key);
        return ServerCertificate.of(pair.path(), chain, key);
    }

    private static void requireNoKey(Source.Files pair) {
        if (pair.key() != null) {
            throw TlsFailure.of(pair.path(), "PKCS#12 has its key in it; leave the other file out");
        }
    }

    private static byte[] read(Path file) {
        if (Files.isDirectory(file)) {
            throw TlsFailure.of(file, "it is a folder; name a file, or give it to --ssl-cert");
        }
        try {
            byte[] content = Files.readAllBytes(file);
            if (content.length == 0) {
                throw TlsFailure.of(file, "the file is empty; write it anew");
            }
            return content;
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

    private static List<X509Certificate> chain(Path file, byte[] content) {
        List<Pem.Block> blocks = blocks(file, content);
        List<X509Certificate> chain =
                blocks.stream()
                        .filter(Pem.Block::isCertificate)
                        .map(block -> certificate(file, block.content()))
                        .toList();
        if (chain.isEmpty()) {
            throw TlsFailure.of(file, FileReason.noCertificate(content, blocks));
        }
        return chain;
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

    private PrivateKey key(Path file, byte[] content) {
        List<Pem.Block> blocks = blocks(file, content);
        try {
            PrivateKey key = PrivateKeys.of(blocks, password);
            if (key == null) {
                throw TlsFailure.of(file, FileReason.noKey(content, blocks));
            }
            return key;
        } catch (PrivateKeys.WrongPassword wrong) {
            throw wrongPassword(file, password);
        } catch (IllegalArgumentException unusable) {
            throw TlsFailure.of(file, "the key cannot be used: " + unusable.getMessage());
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
