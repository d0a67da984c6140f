package io.spvn.server.access;

import io.spvn.bridge.exchange.Access;

/// How a request is told in a line. Used by the log's thread alone once it has begun.
public sealed interface AccessFormat permits JsonFormat, TemplateFormat {
    /// The name of gunicorn's default, in the words of Apache `combined`.
    String COMBINED = "combined";

    /// The name of JSON, an object a line.
    String JSON = "json";

    /// The format that a text asks for: one of these names, or gunicorn's own way to write one.
    ///
    /// @throws IllegalArgumentException when it is none; the message says what is wrong with it
    static AccessFormat of(String text) {
        return switch (text) {
            case COMBINED -> TemplateFormat.of(TemplateFormat.COMBINED);
            case JSON -> new JsonFormat();
            default -> TemplateFormat.of(text);
        };
    }

    /// Writes a request, without the end of the line.
    void write(Access access, LineBuffer line);
}
