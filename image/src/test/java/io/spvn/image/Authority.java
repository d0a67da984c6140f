package io.spvn.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/// Makes certificates that sign themselves, by the JDK's keytool.
final class Authority {
    private static final String PASSWORD = "changeit";

    private Authority() {}

    /// Into a folder, `tls.crt` and `tls.key` as Kubernetes names them.
    static void issue(String name, Path folder)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = Files.createTempFile("spvn", ".p12");
        Files.delete(store);
        keytool(name, store);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        Files.delete(store);
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("tls.crt"),
                pem("CERTIFICATE", keys.getCertificate("one").getEncoded()));
        byte[] key = keys.getKey("one", PASSWORD.toCharArray()).getEncoded();
        Files.writeString(folder.resolve("tls.key"), pem("PRIVATE KEY", key));
    }

    private static void keytool(String name, Path store) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "one",
                                "-keyalg",
                                "EC",
                                "-groupname",
                                "secp256r1",
                                "-dname",
                                "CN=" + name,
                                "-validity",
                                "10",
                                "-ext",
                                "san=dns:" + name,
                                "-keystore",
                                store.toString(),
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (process.waitFor() != 0) {
            throw new IOException("keytool failed");
        }
    }

    private static String pem(String kind, byte[] content) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(kind, text, kind);
    }
}
