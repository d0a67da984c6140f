package io.spvn.server.tls;

/// Whether clients show certificates. One that is shown has to be of an authority that is trusted.
public enum ClientAuth {
    NONE,
    OPTIONAL,
    REQUIRED
}
