package io.spvn.cli;

import io.spvn.server.proxy.ForwardedField;
import io.spvn.server.proxy.Proxies;
import io.spvn.server.proxy.TrustedPeers;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What is taken from proxies in front of the server.
final class ProxyOptions {
    @Option(
            names = "--proxy-headers",
            negatable = true,
            description = {
                "Take client and scheme from X-Forwarded-For and",
                "-Proto of trusted proxies. Default: off."
            })
    @Nullable Boolean proxyHeaders;

    @Option(
            names = "--forwarded-headers",
            paramLabel = "LIST",
            description = {
                "What --proxy-headers takes, which it turns on: of",
                "for, proto, host, prefix (X-Forwarded-...) and",
                "forwarded (RFC 7239) what the proxy sets or removes",
                "in every request. Default: for,proto."
            })
    @Nullable String forwardedHeaders;

    @Option(
            names = "--forwarded-allow-ips",
            paramLabel = "LIST",
            description = {
                "Proxies that are trusted: addresses, networks such as",
                "10.0.0.0/8, unix: for Unix sockets, * for everybody;",
                "turns --proxy-headers on. In the environment:",
                "FORWARDED_ALLOW_IPS.",
                "Default: " + TrustedPeers.DEFAULT + "."
            })
    @Nullable String forwardedAllowIps;

    @Option(
            names = "--proxy-protocol",
            arity = "0..1",
            paramLabel = "MODE",
            preprocessor = BareOption.ProxyProtocol.class,
            description = {
                "Connections have to begin with a header of the PROXY",
                "protocol (1 or 2), from a trusted proxy. off, or as",
                "gunicorn has it auto, v1, v2: either is read.",
                "Default: off."
            })
    boolean proxyProtocol;

    /// Who is trusted, and with what.
    Proxies proxies() {
        return new Proxies(trusted(), proxyProtocol, fields());
    }

    private TrustedPeers trusted() {
        TrustedPeers given =
                Resolve.read("--forwarded-allow-ips", forwardedAllowIps, TrustedPeers::parse);
        return Resolve.or(given, Proxies.NONE.trusted());
    }

    private Set<ForwardedField> fields() {
        Set<ForwardedField> listed =
                Resolve.read("--forwarded-headers", forwardedHeaders, ProxyOptions::fields);
        boolean trusts = forwardedAllowIps != null && !proxyProtocol;
        boolean taken = Resolve.or(proxyHeaders, listed != null || trusts);
        return taken ? Resolve.or(listed, Proxies.DEFAULT_FIELDS) : Set.of();
    }

    private static Set<ForwardedField> fields(String list) {
        return Arrays.stream(list.split(",", -1))
                .map(each -> Syntax.choice(ForwardedField.class, each.strip()))
                .collect(Collectors.toSet());
    }
}
