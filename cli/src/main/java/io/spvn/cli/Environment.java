package io.spvn.cli;

import io.spvn.server.process.ServiceManager;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Environment variables; one that is empty counts as not set.
record Environment(Map<String, String> variables) {
    static final String BIND = "SPVN_BIND";
    static final String ADMIN_BIND = "SPVN_ADMIN_BIND";
    static final String WORKERS = "SPVN_N_THREADS";
    static final String ISOLATION = "SPVN_ISOLATION";
    static final String WATCH = "SPVN_WATCH";
    static final String LOOP = "SPVN_LOOP";
    static final String VERBOSITY = "SPVN_VERBOSE_PROC";
    static final String LOG_FORMAT = "SPVN_LOG_FORMAT";
    static final String LOG_CONFIG = "SPVN_LOG_CONFIG";
    static final String LOG_FILE = "SPVN_LOG_FILE";
    static final String COLORS = "SPVN_USE_COLORS";
    static final String NO_COLOR = "NO_COLOR";
    static final String FORCE_COLOR = "FORCE_COLOR";
    static final String REQUEST_ID = "SPVN_REQUEST_ID";
    static final String ACCESS_LOG = "SPVN_ACCESS_LOG";
    static final String ACCESS_LOG_FORMAT = "SPVN_ACCESS_LOG_FORMAT";
    static final String ACCESS_LOG_FILE = "SPVN_ACCESS_LOG_FILE";
    static final String STREAM_GRACE = "SPVN_STREAM_GRACE";
    static final String SSL_CERT_FILE = "SPVN_SSL_CERT_FILE";
    static final String SSL_KEY_FILE = "SPVN_SSL_KEY_FILE";
    static final String SSL_KEY_PASSWORD = "SPVN_SSL_KEY_PASSWORD";
    static final String SSL_CA_FILE = "SPVN_SSL_CA_FILE";
    static final String SSL_CLIENT_AUTH = "SPVN_SSL_CLIENT_AUTH";
    static final String SSL_MIN_VERSION = "SPVN_SSL_MIN_VERSION";
    static final String FORWARDED_ALLOW_IPS = "FORWARDED_ALLOW_IPS";
    static final String USER = "SPVN_USER";
    static final String PROC_DIR = "PROC_DIR";
    static final String TERMINAL = "TERM";

    Environment {
        variables = Map.copyOf(variables);
    }

    @Nullable String text(String name) {
        String value = variables.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    /// What an option says, or this variable if it was not given.
    <T> @Nullable T orValue(@Nullable T option, String name, Function<String, T> syntax) {
        return option == null ? value(name, syntax) : option;
    }

    <T> @Nullable T value(String name, Function<String, T> syntax) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            return syntax.apply(text);
        } catch (IllegalArgumentException e) {
            throw new UsageError("environment variable " + name + ": " + e.getMessage());
        }
    }

    /// What the manager that has started this process says.
    ServiceManager serviceManager() {
        try {
            return ServiceManager.of(this::text, ProcessHandle.current().pid());
        } catch (IllegalArgumentException e) {
            throw new UsageError("environment variable " + e.getMessage());
        }
    }
}
