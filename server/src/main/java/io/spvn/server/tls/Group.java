package io.spvn.server.tls;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What keys are agreed on with, in the order in which the server prefers them. Java has slower
/// ones, that no client needs.
public enum Group {
    X25519("x25519"),
    P_256("secp256r1"),
    P_384("secp384r1");

    private final String javaName;

    Group(String javaName) {
        this.javaName = javaName;
    }

    String javaName() {
        return javaName;
    }

    /// Reads names with colons or commas between them, as Java, OpenSSL or NIST have them.
    public static List<Group> parse(String text) {
        return Arrays.stream(text.split("[:, ]+")).map(Group::named).distinct().toList();
    }

    private static Group named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "x25519" -> X25519;
            case "p-256", "secp256r1", "prime256v1" -> P_256;
            case "p-384", "secp384r1" -> P_384;
            default ->
                    throw new IllegalArgumentException(
                            "there is no group '" + name + "'; there are X25519, P-256, P-384");
        };
    }
}
