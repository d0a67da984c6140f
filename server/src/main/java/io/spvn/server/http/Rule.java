package io.spvn.server.http;

import io.spvn.bridge.exchange.Rejected;
import java.util.Arrays;
import java.util.stream.Collectors;

/// One thing for which what a client sent is refused: a row of [HeadRules] or of [BodyRules].
public sealed interface Rule permits HeadRules, BodyRules {
    int status();

    /// The section that says so.
    String section();

    /// What the client is told.
    String reason();

    /// What the refusal is counted as.
    Rejected counted();

    /// The refusal, ready to be thrown.
    default HttpError error() {
        return new HttpError(counted(), status(), reason());
    }

    /// A table of rules in Markdown, for the documentation.
    static String describe(Rule... rules) {
        return Arrays.stream(rules)
                .map(
                        rule ->
                                "| %d | %s | %s |\n"
                                        .formatted(rule.status(), rule.reason(), rule.section()))
                .collect(
                        Collectors.joining("", "| status | refused | says |\n|---|---|---|\n", ""));
    }
}
