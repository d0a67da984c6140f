package io.spvn.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A secret that Kubernetes mounts: files that are links into `..data`, which is a link that moves.
@NeedsEngine
class CertificatesIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void exchangedSecretIsServed(@TempDir Path secret) throws Exception {
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rwxr-xr-x"));
        Authority.issue("first.test", secret.resolve("..2026_1"));
        Files.createSymbolicLink(secret.resolve("..data"), Path.of("..2026_1"));
        for (String name : new String[] {"tls.crt", "tls.key"}) {
            Files.createSymbolicLink(secret.resolve(name), Path.of("..data", name));
        }
        try (Spvn spvn =
                Spvn.serving(
                        "app:app",
                        "--ssl-cert-file",
                        "/tls/tls.crt",
                        "--ssl-key-file",
                        "/tls/tls.key")) {
            spvn.bound(secret, "/tls").start();
            assertEquals("CN=first.test", nameOf(spvn));
            exchange(secret);
            assertTrue(
                    Await.until(SOON, () -> "CN=second.test".equals(nameOf(spvn))), spvn::getLogs);
        }
    }

    private static void exchange(Path secret)
            throws IOException, InterruptedException, GeneralSecurityException {
        Authority.issue("second.test", secret.resolve("..2026_2"));
        Path link = Files.createSymbolicLink(secret.resolve("..data_tmp"), Path.of("..2026_2"));
        Files.move(link, secret.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String nameOf(Spvn spvn) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
        try (Socket socket = context.getSocketFactory().createSocket(spvn.getHost(), spvn.port())) {
            X509Certificate certificate =
                    (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
            return certificate.getSubjectX500Principal().getName();
        }
    }

    /// Of anybody: which certificate comes is what is asked.
    private static final class Trusting extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
