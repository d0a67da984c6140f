package io.spvn.server.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// Certificates and keys as OpenSSL has written them, for tests alone. The password is `s3cret`.
final class KeyFixture {
    static final String PASSWORD = "s3cret";

    private KeyFixture() {}

    static byte[] bytes(String name) {
        try (InputStream file =
                Objects.requireNonNull(KeyFixture.class.getResourceAsStream(name), name)) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One of them as a file of its own.
    static Path copy(String name, Path to) {
        try {
            Files.createDirectories(Objects.requireNonNull(to.getParent()));
            return Files.write(to, bytes(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
