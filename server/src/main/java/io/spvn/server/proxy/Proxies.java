package io.spvn.server.proxy;

import io.spvn.bridge.exchange.Ledger;
import io.spvn.server.connection.Opening;
import java.util.Set;

/// What is taken from the proxies in front of the server.
///
/// @param trusted whose word is taken
/// @param preface what connections begin with
/// @param fields headers of requests that are taken from them; none: clients are who connects
public record Proxies(TrustedPeers trusted, ProxyProtocol preface, Set<ForwardedField> fields) {
    /// What `--proxy-headers` takes when nothing else is said.
    public static final Set<ForwardedField> DEFAULT_FIELDS =
            Set.of(ForwardedField.FOR, ForwardedField.PROTO);

    public static final Proxies NONE =
            new Proxies(TrustedPeers.parse(TrustedPeers.DEFAULT), ProxyProtocol.OFF, Set.of());

    public Proxies {
        fields = Set.copyOf(fields);
    }

    /// How connections begin, behind the header of a proxy where they begin with one.
    ///
    /// @param inner how they go on
    public Opening.Kind opening(Opening.Kind inner, Ledger ledger) {
        return preface == ProxyProtocol.OFF ? inner : ProxyPreface.before(inner, this, ledger);
    }
}
