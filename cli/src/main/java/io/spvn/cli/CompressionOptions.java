package io.spvn.cli;

import io.spvn.server.http.Compression;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Compression of responses.
final class CompressionOptions {
    @Option(
            names = "--compress",
            description = {
                "Compresses text, JSON and the like with gzip, where",
                "clients take it. Environment: SPVN_COMPRESS.",
                "Default: nothing is compressed."
            })
    @Nullable Boolean compress;

    @Option(
            names = "--compress-min-size",
            paramLabel = "SIZE",
            description = {
                "Shorter responses are not compressed.",
                "Environment: SPVN_COMPRESS_MIN_SIZE.",
                "Default: " + Compression.LEAST + "."
            })
    @Nullable Long least;

    /// Null for none.
    @Nullable Compression settings(Environment environment) {
        Boolean wanted = environment.orValue(compress, "SPVN_COMPRESS", Syntax::flag);
        Long size = environment.orValue(least, "SPVN_COMPRESS_MIN_SIZE", Syntax::size);
        return wanted == null || !wanted
                ? null
                : new Compression(Resolve.or(size, Compression.LEAST));
    }
}
