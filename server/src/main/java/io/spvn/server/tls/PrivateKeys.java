package io.spvn.server.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/// Private keys in the forms that files have them in: PKCS#8, and what is older than that, PKCS#1
/// for RSA and SEC 1 for elliptic curves, which get the frame of PKCS#8 here; each of them
/// encrypted or not.
final class PrivateKeys {
    private static final String RSA = "1.2.840.113549.1.1.1";
    private static final String EC = "1.2.840.10045.2.1";

    /// By the octets of their identifiers.
    private static final Map<String, String> ALGORITHMS =
            Map.of(
                    hex(RSA), "RSA",
                    hex("1.2.840.113549.1.1.10"), "RSASSA-PSS",
                    hex(EC), "EC",
                    hex("1.3.101.112"), "Ed25519",
                    hex("1.3.101.113"), "Ed448");

    private PrivateKeys() {}

    private static String hex(String oid) {
        return HexFormat.of().formatHex(Der.oid(oid));
    }

    /// The key among the blocks of a file; null when there is none.
    ///
    /// @param password null for none
    /// @throws WrongPassword when it is encrypted and the password is not the right one
    /// @throws IllegalArgumentException when it is of no form or kind that is known
    static @Nullable PrivateKey of(List<Pem.Block> blocks, @Nullable String password) {
        byte[] curve = null;
        for (Pem.Block block : blocks) {
            if (block.type().equals("EC PARAMETERS")) {
                curve = block.content();
            } else if (block.isKey()) {
                return key(block, curve, password);
            }
        }
        return null;
    }

    /// The password is wrong, or missing.
    static final class WrongPassword extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongPassword() {
            super("wrong password", null, false, false);
        }
    }

    private static PrivateKey key(
            Pem.Block block, byte @Nullable [] curve, @Nullable String password) {
        byte[] content = opened(block, password);
        return switch (block.type()) {
            case "PRIVATE KEY" -> ofPkcs8(content);
            case "ENCRYPTED PRIVATE KEY" -> ofPkcs8(decrypted(content, required(password)));
            case "RSA PRIVATE KEY" -> ofPkcs8(framed(algorithm(RSA, new byte[] {5, 0}), content));
            case "EC PRIVATE KEY" -> ofPkcs8(framed(algorithm(EC, curve(content, curve)), content));
            default ->
                    throw new IllegalArgumentException(
                            block.type() + " is not supported; use PKCS#8, PKCS#1 or SEC 1");
        };
    }

    private static byte[] opened(Pem.Block block, @Nullable String password) {
        return block.headers().getOrDefault("proc-type", "").contains("ENCRYPTED")
                ? OldEncryption.decrypted(block, required(password))
                : block.content();
    }

    private static String required(@Nullable String password) {
        if (password == null) {
            throw new WrongPassword();
        }
        return password;
    }

    private static byte[] algorithm(String oid, byte[] parameters) {
        return Der.sequence(Der.oid(oid), parameters);
    }

    private static byte[] framed(byte[] algorithm, byte[] key) {
        return Der.sequence(
                Der.integer(BigInteger.ZERO), algorithm, Der.value(Der.OCTET_STRING, key));
    }

    /// The curve stands in the key itself, or before it in a block of its own.
    private static byte[] curve(byte[] key, byte @Nullable [] before) {
        for (Der.Value field : Der.read(key).require(Der.SEQUENCE).children()) {
            if (field.tag() == Der.TAGGED) {
                return field.content();
            }
        }
        if (before == null) {
            throw new IllegalArgumentException("the key does not say its curve");
        }
        return before;
    }

    private static PrivateKey ofPkcs8(byte[] encoded) {
        try {
            return KeyFactory.getInstance(algorithmOf(encoded))
                    .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException unusable) {
            throw new IllegalArgumentException(unusable.getMessage(), unusable);
        }
    }

    private static String algorithmOf(byte[] encoded) {
        List<Der.Value> fields = Der.read(encoded).require(Der.SEQUENCE).children();
        if (fields.size() < 3) {
            throw new IllegalArgumentException("not a private key");
        }
        List<Der.Value> algorithm = fields.get(1).require(Der.SEQUENCE).children();
        String oid = HexFormat.of().formatHex(algorithm.getFirst().encoded());
        String name = ALGORITHMS.get(oid);
        if (name == null) {
            throw new IllegalArgumentException(
                    "a key of this kind is not supported; use RSA, EC or Ed25519");
        }
        return name;
    }

    /// Of PKCS#8 that is encrypted (PBES1 or PBES2).
    private static byte[] decrypted(byte[] encrypted, String password) {
        PBEKeySpec secret = new PBEKeySpec(password.toCharArray());
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encrypted);
            String algorithm = String.valueOf(info.getAlgParameters());
            String name = algorithm.startsWith("PBE") ? algorithm : info.getAlgName();
            Cipher cipher = Cipher.getInstance(name);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(name).generateSecret(secret),
                    info.getAlgParameters());
            return unpadded(cipher, info.getEncryptedData());
        } catch (NoSuchAlgorithmException | IOException unknown) {
            throw new IllegalArgumentException(
                    "its encryption is not supported; write it anew with 'openssl pkcs8 -topk8 -v2"
                            + " aes-256-cbc'",
                    unknown);
        } catch (GeneralSecurityException failure) {
            throw new IllegalArgumentException(
                    "it cannot be decrypted: " + failure.getMessage(), failure);
        } finally {
            secret.clearPassword();
        }
    }

    /// What a wrong password makes of a key has no padding, or is not a key.
    static byte[] unpadded(Cipher cipher, byte[] data) {
        try {
            byte[] opened = cipher.doFinal(data);
            Der.read(opened).require(Der.SEQUENCE);
            return opened;
        } catch (GeneralSecurityException | IllegalArgumentException garbage) {
            throw new WrongPassword();
        }
    }
}
