package io.spvn.server.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// How OpenSSL encrypted keys before PKCS#8: header lines name the cipher and its start, and the
/// key is made of the password with MD5 (its `EVP_BytesToKey`, one round).
final class OldEncryption {
    private static final int SALT = 8;

    /// @param name in Java
    /// @param keyLength in bytes
    private record Kind(String name, String key, int keyLength) {}

    private static final Map<String, Kind> KINDS =
            Map.of(
                    "DES-CBC", new Kind("DES/CBC/PKCS5Padding", "DES", 8),
                    "DES-EDE3-CBC", new Kind("DESede/CBC/PKCS5Padding", "DESede", 24),
                    "AES-128-CBC", new Kind("AES/CBC/PKCS5Padding", "AES", 16),
                    "AES-192-CBC", new Kind("AES/CBC/PKCS5Padding", "AES", 24),
                    "AES-256-CBC", new Kind("AES/CBC/PKCS5Padding", "AES", 32));

    private OldEncryption() {}

    /// @throws PrivateKeys.WrongPassword when the password is not the right one
    static byte[] decrypted(Pem.Block block, String password) {
        String[] info = block.headers().getOrDefault("dek-info", "").split(",", -1);
        Kind kind = KINDS.get(info[0].strip());
        if (kind == null || info.length != 2) {
            throw new IllegalArgumentException(
                    "its encryption is not supported; write it anew with 'openssl pkcs8 -topk8'");
        }
        try {
            byte[] start = HexFormat.of().parseHex(info[1].strip());
            byte[] key = key(password.getBytes(StandardCharsets.UTF_8), start, kind.keyLength());
            Cipher cipher = Cipher.getInstance(kind.name());
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(key, kind.key()),
                    new IvParameterSpec(start));
            return PrivateKeys.unpadded(cipher, block.content());
        } catch (GeneralSecurityException failure) {
            throw new IllegalArgumentException(
                    "it cannot be decrypted: " + failure.getMessage(), failure);
        }
    }

    private static byte[] key(byte[] password, byte[] start, int length)
            throws GeneralSecurityException {
        MessageDigest md5 = MessageDigest.getInstance("MD5");
        byte[] key = new byte[length];
        byte[] digest = {};
        for (int at = 0; at < length; at += digest.length) {
            md5.update(digest);
            md5.update(password);
            digest = md5.digest(Arrays.copyOf(start, SALT));
            System.arraycopy(digest, 0, key, at, Math.min(digest.length, length - at));
        }
        return key;
    }
}
