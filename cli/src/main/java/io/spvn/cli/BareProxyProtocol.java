package io.spvn.cli;

/// Lets `--proxy-protocol` stand alone.
final class BareProxyProtocol extends BareValue {
    BareProxyProtocol() {
        super("auto", BareProxyProtocol::isMode);
    }

    private static boolean isMode(String word) {
        try {
            return Syntax.proxyProtocol(word) != null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
