package io.spvn.server.http1;

import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.http.Rule;

/// Everything for which the framing of a request body is refused: the section that says so, and
/// what is wrong. [ChunkGrammar] says where in the coding each of them is met. A body with a
/// Content-Length has no framing that could be wrong: [HeadRules] has looked at the length.
enum BodyRules implements Rule {
    SIZE_SYNTAX("RFC 9112 7.1", "chunk size is not a hexadecimal number"),
    SIZE_TOO_LARGE("RFC 9112 7.1", "chunk size is too large"),
    SIZE_SPACE("RFC 9112 7.1", "whitespace after the chunk size"),
    SIZE_BARE_CR("RFC 9112 7.1", "CR without LF after a chunk size"),

    EXTENSION_SYNTAX("RFC 9112 7.1.1", "malformed chunk extension"),
    EXTENSIONS_TOO_LONG("RFC 9112 7.1.1", "chunk extensions are too long"),

    DATA_TOO_LONG("RFC 9112 7.1", "chunk is longer than its size"),
    DATA_BARE_CR("RFC 9112 7.1", "CR without LF after a chunk"),

    TRAILER_SYNTAX("RFC 9112 7.1.2", "malformed trailer"),
    TRAILER_CONTROL("RFC 9110 5.5", "control character in a trailer"),
    TRAILER_BARE_CR("RFC 9112 2.2", "CR without LF in a trailer"),
    TRAILERS_TOO_LONG("RFC 9110 5.4", "trailers are too long"),
    TOO_MANY_TRAILERS("RFC 9110 5.4", "too many trailers"),

    END_BARE_CR("RFC 9112 7.1", "CR without LF at the end of a chunked body");

    private final String section;
    private final String reason;

    BodyRules(String section, String reason) {
        this.section = section;
        this.reason = reason;
    }

    @Override
    public Rejected counted() {
        return Rejected.MALFORMED;
    }

    @Override
    public String section() {
        return section;
    }

    @Override
    public String reason() {
        return reason;
    }

    /// The table in Markdown, for the documentation.
    static String describe() {
        return Rule.describe(values());
    }
}
