package io.spvn.server.tls;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How connections are encrypted.
///
/// @param certificates where they are; the first is shown to clients that ask for no name, or for
///   one that no certificate has
/// @param selfSigned whether one is made that nobody trusts, in place of those
/// @param password of the keys, null for none
/// @param authorities the file of those whose clients are trusted, null for none
/// @param minVersion that is spoken
/// @param ciphers that are offered, the best first
/// @param groups that are offered, the best first
/// @param redirectPort a second port, without encryption, whose clients are sent here; null for
///   none
/// @param hsts for how long browsers are to come back by TLS only, null when they are not told so
public record TlsSettings(
        List<Source> certificates,
        boolean selfSigned,
        @Nullable String password,
        @Nullable Path authorities,
        ClientAuth clientAuth,
        TlsVersion minVersion,
        List<CipherSuite> ciphers,
        List<Group> groups,
        @Nullable Integer redirectPort,
        @Nullable Duration hsts) {
    public TlsSettings {
        certificates = List.copyOf(certificates);
        ciphers = List.copyOf(ciphers);
        groups = List.copyOf(groups);
        if (certificates.isEmpty() != selfSigned) {
            throw new IllegalArgumentException("certificates or selfSigned: one of them");
        }
        if (ciphers.isEmpty() || groups.isEmpty()) {
            throw new IllegalArgumentException("ciphers or groups is empty");
        }
        if (clientAuth != ClientAuth.NONE && authorities == null) {
            throw new IllegalArgumentException("clientAuth needs authorities");
        }
    }

    /// Where a certificate and its key are.
    public sealed interface Source {
        /// As it was asked for.
        Path path();

        /// A chain in PEM and its key, or both in one file: PEM or PKCS#12.
        ///
        /// @param path of the chain
        /// @param key null when it is in the same file
        record Files(Path path, @Nullable Path key) implements Source {}

        /// Any number of certificates, with their keys beside them.
        record Folder(Path path) implements Source {}
    }

    /// Secrets stay out of logs.
    @Override
    public String toString() {
        return "TlsSettings" + certificates;
    }
}
