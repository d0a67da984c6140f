package io.spvn.server.tls;

import java.util.Arrays;
import java.util.Locale;

/// The versions of TLS that are spoken; those before are broken (RFC 8996).
public enum TlsVersion {
    TLS_1_2("1.2", 0x0303),
    TLS_1_3("1.3", 0x0304);

    private final String label;
    private final int number;

    TlsVersion(String label, int number) {
        this.label = label;
        this.number = number;
    }

    /// As Java names it.
    String protocol() {
        return "TLSv" + label;
    }

    /// As the protocol has it.
    int number() {
        return number;
    }

    /// By the name that Java has for it; it is one of these.
    static TlsVersion ofProtocol(String protocol) {
        return parse(protocol);
    }

    /// Reads `1.2`, `1.3`, with `TLSv` before it or not.
    public static TlsVersion parse(String text) {
        String wanted = text.toLowerCase(Locale.ROOT).replaceFirst("^tls ?v?", "");
        return Arrays.stream(values())
                .filter(version -> version.label.equals(wanted))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("'" + text + "' is not 1.2 or 1.3"));
    }

    @Override
    public String toString() {
        return label;
    }
}
