package io.spvn.cli;

import io.spvn.server.http.Compression;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Compression of responses.
final class CompressionOptions {
    @Option(
            names = "--compress",
            description = {
                "Compresses text, JSON and the like with zstd or gzip,",
                "what the client likes more, where it takes either.",
                "Default: off."
            })
    @Nullable Boolean compress;

    @Option(
            names = "--compress-min-size",
            paramLabel = "SIZE",
            description = {
                "Shorter responses are not compressed.",
                "Default: " + Compression.LEAST + "."
            })
    @Nullable Long least;

    /// Null for none.
    @Nullable Compression settings() {
        return compress == null || !compress
                ? null
                : new Compression(Resolve.or(least, Compression.LEAST));
    }
}
