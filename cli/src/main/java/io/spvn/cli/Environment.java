package io.spvn.cli;

import io.spvn.server.process.ServiceManager;
import java.util.List;
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

    /// A list, however it is written.
    List<String> list(String name) {
        try {
            return ListText.items(variables.getOrDefault(name, ""));
        } catch (IllegalArgumentException e) {
            throw new UsageError(name + ": " + e.getMessage());
        }
    }

    /// What the manager that has started this process says.
    ServiceManager serviceManager() {
        try {
            return ServiceManager.of(this::text, ProcessHandle.current().pid());
        } catch (IllegalArgumentException e) {
            throw new UsageError(String.valueOf(e.getMessage()));
        }
    }
}
