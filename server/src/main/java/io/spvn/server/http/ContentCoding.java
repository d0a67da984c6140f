package io.spvn.server.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How content can be compressed (RFC 9110 8.4.1), the best first.
public enum ContentCoding {
    BR("br", ".br"),
    ZSTD("zstd", ".zst"),
    GZIP("gzip", ".gz");

    private final String word;
    private final String suffix;

    ContentCoding(String word, String suffix) {
        this.word = word;
        this.suffix = suffix;
    }

    /// What header fields call it.
    public String word() {
        return word;
    }

    /// What the name of a file so compressed has behind that of the original.
    public String suffix() {
        return suffix;
    }

    /// Null for none of these.
    static @Nullable ContentCoding of(String word) {
        String known = word.equals("x-gzip") ? GZIP.word : word; // RFC 9110 8.4.1.3
        return Arrays.stream(values())
                .filter(coding -> coding.word.equals(known))
                .findFirst()
                .orElse(null);
    }
}
