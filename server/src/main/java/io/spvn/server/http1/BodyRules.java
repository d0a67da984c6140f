package io.spvn.server.http1;

import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.http.Rule;

/// Everything for which the framing of a request body is refused: the status, the section that says
/// so, and what is wrong. [ChunkGrammar] says where in the coding each of them is met. A body with
/// a Content-Length has no framing that could be wrong: [HeadRules] has looked at the length.
enum BodyRules implements Rule {
    SIZE_SYNTAX(400, "RFC 9112 7.1", "chunk size is not a hexadecimal number"),
    SIZE_TOO_LARGE(400, "RFC 9112 7.1", "chunk size is too large"),
    SIZE_SPACE(400, "RFC 9112 7.1", "whitespace after the chunk size"),
    SIZE_BARE_CR(400, "RFC 9112 7.1", "CR without LF after a chunk size"),

    EXTENSION_SYNTAX(400, "RFC 9112 7.1.1", "malformed chunk extension"),
    EXTENSIONS_TOO_LONG(400, "RFC 9112 7.1.1", "chunk extensions are too long"),

    DATA_TOO_LONG(400, "RFC 9112 7.1", "chunk is longer than its size"),
    DATA_BARE_CR(400, "RFC 9112 7.1", "CR without LF after a chunk"),

    TRAILER_SYNTAX(400, "RFC 9112 7.1.2", "malformed trailer"),
    TRAILER_CONTROL(400, "RFC 9110 5.5", "control character in a trailer"),
    TRAILER_BARE_CR(400, "RFC 9112 2.2", "CR without LF in a trailer"),
    TRAILERS_TOO_LONG(400, "RFC 9110 5.4", "trailers are too long"),
    TOO_MANY_TRAILERS(400, "RFC 9110 5.4", "too many trailers"),

    END_BARE_CR(400, "RFC 9112 7.1", "CR without LF at the end of a chunked body");

    private final int status;
    private final String section;
    private final String reason;

    BodyRules(int status, String section, String reason) {
        this.status = status;
        this.section = section;
        this.reason = reason;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String section() {
        return section;
    }

    @Override
    public String reason() {
        return reason;
    }

    @Override
    public Rejected counted() {
        return Rejected.MALFORMED;
    }

    /// The table in Markdown, for the documentation.
    static String describe() {
        return Rule.describe(values());
    }
}
