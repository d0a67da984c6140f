package io.spvn.server.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateKeysTest {
    private static PrivateKey key(String file, @Nullable String password) {
        return Objects.requireNonNull(
                PrivateKeys.of(Pem.blocks(KeyFixture.bytes(file)), password), file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ec-sec1.pem",
                "ec-sec1-parameters.pem",
                "ec-sec1-aes256.pem",
                "ec-sec1-des3.pem",
                "ec-pkcs8-pbes1.pem",
                "ec-pkcs8-pbes2.pem"
            })
    void ellipticCurve_isTheSameKey_inEveryForm(String file) {
        var expected = (ECPrivateKey) key("ec-pkcs8.pem", null);
        assertEquals(expected.getS(), ((ECPrivateKey) key(file, KeyFixture.PASSWORD)).getS());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa-pkcs1.pem", "rsa-pkcs1-aes128.pem"})
    void rsa_isTheSameKey_inEveryForm(String file) {
        var expected = (RSAPrivateKey) key("rsa-pkcs8.pem", null);
        var found = (RSAPrivateKey) key(file, KeyFixture.PASSWORD);
        assertEquals(expected.getPrivateExponent(), found.getPrivateExponent());
    }

    @Test
    void ed25519() {
        assertEquals("EdDSA", key("ed25519.pem", null).getAlgorithm());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ec-sec1-aes256.pem",
                "ec-sec1-des3.pem",
                "ec-pkcs8-pbes1.pem",
                "ec-pkcs8-pbes2.pem",
                "rsa-pkcs1-aes128.pem"
            })
    void encrypted_withoutThePassword_isTold(String file) {
        assertThrows(PrivateKeys.WrongPassword.class, () -> key(file, null));
        for (int i = 0;
                i < 300;
                i++) { // some garbage has padding, and some of that begins like a key
            String wrong = "wrong" + i;
            assertThrows(PrivateKeys.WrongPassword.class, () -> key(file, wrong));
        }
    }

    @Test
    void encryptionThatIsNotKnown_isTold_withTheWayOut() {
        String said =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> key("ec-pkcs8-scrypt.pem", KeyFixture.PASSWORD))
                        .getMessage();
        assertNotNull(said);
        assertTrue(said.contains("openssl pkcs8"), said);
    }

    @Test
    void noKey_isNone() {
        assertNull(PrivateKeys.of(Pem.blocks(KeyFixture.bytes("ec.crt")), null));
    }

    /// However a key is cut or changed, it is a key or refused, in words.
    @ParameterizedTest
    @ValueSource(strings = {"ec-sec1.pem", "rsa-pkcs1.pem", "ec-pkcs8.pem", "ec-pkcs8-pbes2.pem"})
    void broken_isRefused(String file) {
        Pem.Block block = Pem.blocks(KeyFixture.bytes(file)).getLast();
        for (int at = 0; at < Math.min(120, block.content().length); at++) {
            byte[] cut = java.util.Arrays.copyOf(block.content(), at);
            byte[] changed = block.content().clone();
            changed[at] ^= (byte) 0xFF;
            for (byte[] content : new byte[][] {cut, changed}) {
                var broken = new Pem.Block(block.type(), block.headers(), content);
                try {
                    PrivateKeys.of(java.util.List.of(broken), KeyFixture.PASSWORD);
                } catch (IllegalArgumentException | PrivateKeys.WrongPassword refused) {
                    assertNotNull(refused.getMessage());
                }
            }
        }
    }
}
