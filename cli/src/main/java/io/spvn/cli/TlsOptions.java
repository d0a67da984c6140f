package io.spvn.cli;

import io.spvn.server.Bind;
import io.spvn.server.ServerConfig.Network;
import io.spvn.server.tls.CipherSuite;
import io.spvn.server.tls.ClientAuth;
import io.spvn.server.tls.Group;
import io.spvn.server.tls.TlsSettings;
import io.spvn.server.tls.TlsSettings.Source;
import io.spvn.server.tls.TlsVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Whether connections are encrypted, and how. The names that uvicorn has mean the same.
final class TlsOptions {
    private static final String CERT_FILE = "--ssl-cert-file";
    private static final String CERT = "--ssl-cert";
    private static final String SELF_SIGNED = "--ssl-self-signed";
    private static final List<String> NEED_CERTIFICATE =
            List.of(
                    "--ssl-key-password",
                    "--ssl-ca-file",
                    "--ssl-client-auth",
                    "--ssl-min-version",
                    "--ssl-ciphers",
                    "--ssl-groups",
                    "--redirect-http",
                    "--hsts");

    @Option(
            names = {CERT_FILE, "--ssl-certfile", "--ssl-certificate", "--certfile"},
            paramLabel = "FILE",
            description = {
                "Certificate and chain in PEM, or PKCS#12. Read anew",
                "when it changes. Default: none."
            })
    @Nullable Path certFile;

    @Option(
            names = {"--ssl-key-file", "--ssl-keyfile", "--keyfile"},
            paramLabel = "FILE",
            description = {"Its key in PEM.", "Default: in the file of the certificate."})
    @Nullable Path keyFile;

    @Option(
            names = {"--ssl-key-password", "--ssl-keyfile-password"},
            paramLabel = "TEXT",
            description = {
                "Of the keys. Others see command lines; better in the",
                "environment, as SPVN_SSL_KEY_PASSWORD."
            })
    @Nullable String keyPassword;

    @Option(
            names = CERT,
            paramLabel = "CERT[:KEY]",
            description = {
                "A certificate for other names of this server (SNI),",
                "or a folder of them; may be repeated."
            })
    List<String> cert = new ArrayList<>();

    @Option(
            names = SELF_SIGNED,
            description = {
                "For development: a certificate for localhost that is",
                "made at each start, and that nobody trusts."
            })
    boolean selfSigned;

    @Option(
            names = {"--ssl-ca-file", "--ssl-ca-certs", "--ssl-ca", "--ca-certs"},
            paramLabel = "FILE",
            description = {
                "Those whose clients' certificates are trusted, in",
                "PEM. Default: none."
            })
    @Nullable Path caFile;

    @Option(
            names = {"--ssl-client-auth", "--ssl-cert-reqs", "--cert-reqs"},
            paramLabel = "KIND",
            description = {
                "Certificates of clients: none, optional, required (or",
                "0, 1, 2). Default: none."
            })
    @Nullable String clientAuth;

    @Option(
            names = {"--ssl-min-version", "--ssl-protocol-min"},
            paramLabel = "VERSION",
            description = "Of TLS: 1.2 or 1.3. Default: 1.2.")
    @Nullable String minVersion;

    @Option(
            names = "--ssl-version",
            paramLabel = "N",
            description = {
                "For uvicorn's command lines: 17, all versions from",
                "--ssl-min-version on."
            })
    @Nullable Integer version;

    @Option(
            names = {"--ssl-ciphers", "--ciphers"},
            paramLabel = "NAMES",
            description = {
                "Suites by their names with OpenSSL, with colons.",
                "Default: all nine with ECDHE and AEAD."
            })
    @Nullable String ciphers;

    @Option(
            names = "--ssl-groups",
            paramLabel = "NAMES",
            description = "For the agreement of keys. Default: X25519:P-256:P-384.")
    @Nullable String groups;

    @Option(
            names = "--redirect-http",
            paramLabel = "PORT",
            description = {
                "Also listen there, without encryption, and send",
                "clients to https with a 308."
            })
    @Nullable Integer redirectHttp;

    @Option(
            names = "--hsts",
            paramLabel = "TIME",
            description = {
                "Tell browsers to use https only, for so long. They",
                "keep to it; begin with 1h."
            })
    @Nullable Duration hsts;

    /// How connections are encrypted, null for not at all.
    ///
    /// @param network addresses that are listened on
    @Nullable TlsSettings settings(Origins origins, Network network) {
        List<Source> sources = sources(origins);
        if (sources.isEmpty() && !selfSigned) {
            requireNothingElse(origins);
            return null;
        }
        if (!sources.isEmpty() && selfSigned) {
            throw new UsageError(SELF_SIGNED + " and " + CERT_FILE + ": use one or the other");
        }
        requireKnownVersion();
        Path authorities = absolute(caFile);
        ClientAuth auth =
                Resolve.or(
                        Resolve.read("--ssl-client-auth", clientAuth, TlsOptions::parseClientAuth),
                        ClientAuth.NONE);
        if (auth != ClientAuth.NONE && authorities == null) {
            throw new UsageError(
                    "--ssl-client-auth: --ssl-ca-file has to say whose certificates are trusted");
        }
        return new TlsSettings(
                sources,
                selfSigned,
                keyPassword,
                authorities,
                auth,
                Resolve.or(
                        Resolve.read("--ssl-min-version", minVersion, TlsVersion::parse),
                        TlsVersion.TLS_1_2),
                suites(),
                Resolve.or(
                        Resolve.read("--ssl-groups", groups, Group::parse),
                        List.of(Group.values())),
                redirectPort(network),
                hsts);
    }

    private List<Source> sources(Origins origins) {
        List<Source> sources = new ArrayList<>();
        Path certificate = absolute(certFile);
        Path key = absolute(keyFile);
        if (certificate != null) {
            sources.add(new Source.Files(certificate, key));
        } else if (origins.isFlag("--ssl-key-file")) {
            throw new UsageError("--ssl-key-file: " + CERT_FILE + " is missing");
        }
        cert.stream().map(each -> Resolve.checked(CERT, () -> source(each))).forEach(sources::add);
        return sources;
    }

    private static @Nullable Path absolute(@Nullable Path given) {
        return given == null ? null : given.toAbsolutePath();
    }

    /// A path may have a colon in it.
    private static Source source(String text) {
        Path whole = Path.of(text).toAbsolutePath();
        int colon = text.indexOf(':');
        if (Files.isDirectory(whole)) {
            return new Source.Folder(whole);
        }
        return colon <= 0 || Files.exists(whole)
                ? new Source.Files(whole, null)
                : new Source.Files(
                        Path.of(text.substring(0, colon)).toAbsolutePath(),
                        Path.of(text.substring(colon + 1)).toAbsolutePath());
    }

    /// As Python's `ssl` numbers them, too.
    private static ClientAuth parseClientAuth(String text) {
        return switch (text) {
            case "0" -> ClientAuth.NONE;
            case "1" -> ClientAuth.OPTIONAL;
            case "2" -> ClientAuth.REQUIRED;
            default -> Syntax.choice(ClientAuth.class, text);
        };
    }

    /// `TLSv1` is uvicorn's default, and stands for all there are.
    private List<CipherSuite> suites() {
        boolean all = ciphers == null || ciphers.equals("TLSv1") || ciphers.equals("DEFAULT");
        return all
                ? List.of(CipherSuite.values())
                : Resolve.or(Resolve.read("--ssl-ciphers", ciphers, CipherSuite::parse), List.of());
    }

    private void requireKnownVersion() {
        if (version != null && version != 2 && version != 17) {
            throw new UsageError(
                    "--ssl-version: only 17 (all versions) has a meaning here, not "
                            + version
                            + "; choose with --ssl-min-version");
        }
    }

    private @Nullable Integer redirectPort(Network network) {
        if (redirectHttp == null) {
            return null;
        }
        if (redirectHttp < 0 || redirectHttp > Bind.MAX_PORT) {
            throw new UsageError(
                    "--redirect-http: port " + redirectHttp + " is not within 0-65535");
        }
        if (network.binds().stream().noneMatch(Bind.Tcp.class::isInstance)) {
            throw new UsageError("--redirect-http: needs a --bind IP:PORT to send clients to");
        }
        return redirectHttp;
    }

    private static void requireNothingElse(Origins origins) {
        NEED_CERTIFICATE.stream()
                .filter(origins::isFlag)
                .findFirst()
                .ifPresent(
                        option -> {
                            throw new UsageError(option + ": says nothing without " + CERT_FILE);
                        });
    }
}
