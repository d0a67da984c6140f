package io.spvn.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Environment variables; one that is empty counts as not set.
record Environment(Map<String, String> variables) {
    static final String TERMINAL = "TERM";

    Environment {
        variables = Map.copyOf(variables);
    }

    @Nullable String text(String name) {
        String value = variables.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }
}
