package io.spvn.server.http;

import io.spvn.bridge.exchange.Rejected;
import java.util.Arrays;
import java.util.stream.Collectors;

/// One thing for which what a client sent is refused: a row of a table, such as [RequestRules].
public interface Rule {
    /// What the refusal is counted as.
    Rejected counted();

    /// Of the answer: as a rule that of what it is counted as.
    default int status() {
        return counted().status();
    }

    /// The section that says so.
    String section();

    /// What the client is told.
    String reason();

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
