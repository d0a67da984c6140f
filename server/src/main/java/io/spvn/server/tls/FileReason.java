package io.spvn.server.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.stream.Collectors;

/// Why a file cannot be read, or what it is in place of what it should be, in words.
final class FileReason {
    private FileReason() {}

    static String of(IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "there is no such file; correct its path";
            case AccessDeniedException _ -> "permission denied; let the server's user read it";
            default -> String.valueOf(failure.getMessage());
        };
    }

    /// Of a file that should have a certificate in PEM.
    static String noCertificate(byte[] content, List<Pem.Block> blocks) {
        return blocks.isEmpty()
                ? notPem(content, "x509")
                : "no certificate in it but " + types(blocks) + "; name another file";
    }

    /// Of a file that should have a private key in PEM.
    static String noKey(byte[] content, List<Pem.Block> blocks) {
        if (KeyStoreFile.isOne(content)) {
            return "it is PKCS#12; give it as --ssl-cert-file, without a file for the key";
        }
        return blocks.isEmpty()
                ? notPem(content, "pkey")
                : "no private key in it but "
                        + types(blocks)
                        + "; name its file with --ssl-key-file";
    }

    private static String types(List<Pem.Block> blocks) {
        return blocks.stream().map(Pem.Block::type).distinct().collect(Collectors.joining(", "));
    }

    private static String notPem(byte[] content, String command) {
        if (new String(content, StandardCharsets.ISO_8859_1).contains("-----BEGIN ")) {
            return "it is cut off, PEM has a line '-----END' at its end; write it anew";
        }
        return Der.isSequence(content)
                ? "it is DER, not PEM; convert it with 'openssl " + command + " -inform der'"
                : "it is neither PEM nor PKCS#12; name another file";
    }
}
