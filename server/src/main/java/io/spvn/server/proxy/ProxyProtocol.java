package io.spvn.server.proxy;

/// Which headers of the PROXY protocol connections have to begin with.
public enum ProxyProtocol {
    /// None: who connects is the client.
    OFF,
    /// Those of version 1, which are text.
    V1,
    /// Those of version 2, which are binary.
    V2,
    /// Those of either.
    AUTO;

    /// Whether a header of this version will do.
    boolean takes(int version) {
        return switch (this) {
            case OFF -> false;
            case V1 -> version == 1;
            case V2 -> version == 2;
            case AUTO -> true;
        };
    }
}
