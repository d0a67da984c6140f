package io.spvn.cli;

import io.spvn.server.http.HttpVersions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which HTTP is spoken.
final class HttpOptions {
    @Option(
            names = "--http",
            paramLabel = "VERSION",
            description = {
                "auto: HTTP/2 with clients that ask for it, by ALPN or,",
                "in clear, by beginning with it. 1, 2: only that one.",
                "Names of implementations mean auto. Default: auto."
            })
    @Nullable HttpVersions versions;

    HttpVersions versions() {
        return Resolve.or(versions, HttpVersions.AUTO);
    }
}
