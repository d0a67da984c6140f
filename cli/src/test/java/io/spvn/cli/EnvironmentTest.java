package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spvn.server.http.ResponseDefaults.Field;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Lists in variables, and variables that are none of ours.
final class EnvironmentTest {
    private static List<Field> headers(String variable) {
        return Invocation.with(Map.of("SPVN_HEADER", variable), "serve", "m")
                .config()
                .responses()
                .fields();
    }

    @Test
    void list_hasCommas() {
        assertEquals(
                List.of(new Field("x-a", "1"), new Field("x-b", "2")), headers("x-a: 1, x-b: 2"));
    }

    /// One line with its end is one item: a block of YAML is written like that.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "cache-control: no-cache, no-store\n",
                "\n  cache-control: no-cache, no-store\n\n",
                "[\"cache-control: no-cache, no-store\"]",
                " ['cache-control: no-cache, no-store',] "
            })
    void list_ofOneItemWithComma(String variable) {
        assertEquals(List.of(new Field("cache-control", "no-cache, no-store")), headers(variable));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x-a: 1, 2\nx-b: 3", "x-a: 1, 2\r\nx-b: 3", "['x-a: 1, 2', \"x-b: 3\"]"})
    void list_ofItemsWithCommas(String variable) {
        assertEquals(List.of(new Field("x-a", "1, 2"), new Field("x-b", "3")), headers(variable));
    }

    @Test
    void list_thatBeginsWithABracket_isNoArrayForThat() {
        Invocation invocation =
                Invocation.with(Map.of("SPVN_BIND", "[::1]:1, [::1]:2"), "serve", "m");
        assertEquals(2, invocation.config().network().binds().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"['x-a: 1' 'x']", "['x-a: 1', 2]"})
    void list_wrongArray(String variable) {
        Invocation invocation = Invocation.with(Map.of("SPVN_HEADER", variable), "serve", "m");
        assertEquals(2, invocation.exitCode());
        assertEquals(
                "spvn: SPVN_HEADER: is not an array of TOML such as [\"a, b\", \"c\"]\n",
                invocation.err());
    }

    private static List<String> warned(Map<String, String> environment) {
        return LogRecords.of(
                StrangeVariables.class,
                () -> {
                    Invocation invocation = Invocation.with(environment, "serve", "m");
                    assertEquals(0, invocation.exitCode(), invocation.err());
                });
    }

    @ParameterizedTest
    @CsvSource({
        "SPVN_WORKERS,        SPVN_N_THREADS",
        "SPVN_NTHREADS,       SPVN_N_THREADS",
        "SPVN_QUEUE_TIMOUT,   SPVN_QUEUE_TIMEOUT",
        "SPVN_RELOAD,         SPVN_WATCH",
        "SPVN_CERTFILE,       SPVN_SSL_CERT_FILE",
        "SPVN_PROC_DIR,       PROC_DIR",
        "SPVN_VERBOSE,        SPVN_VERBOSE_PROC"
    })
    void strangeVariable_isToldWithTheNearest(String strange, String near) {
        assertEquals(
                List.of(
                        "in the environment, but no options of spvn: %s (did you mean %s?)"
                                .formatted(strange, near)),
                warned(Map.of(strange, "1", "SPVN_BACKLOG", "7")));
    }

    @Test
    void strangeVariables_areOneLine() {
        assertEquals(
                List.of("in the environment, but no options of spvn: SPVN_COLOUR_OF_IT, SPVN_ZZZ"),
                warned(Map.of("SPVN_ZZZ", "1", "SPVN_COLOUR_OF_IT", "red")));
    }

    @ParameterizedTest
    @CsvSource({
        "SPVN_PYTHON,              python3",
        "SPVN_JAVA_OPTS,           -Xmx1g",
        "SPVN_JAVA_HOME,           /jdk",
        "PROC_DIR,                 /tmp",
        "WEB_CONCURRENCY,          2",
        "SPVN_PORT,                tcp://10.0.0.1:80",
        "SPVN_PORT_80_TCP_ADDR,    10.0.0.1",
        "SPVN_SERVICE_HOST,        10.0.0.1",
        "SPVN_SERVICE_PORT_HTTP,   80",
        "SPVN_WEB_SERVICE_PORT,    80",
        "SPVN_WEB_PORT,            tcp://10.0.0.1:80",
        "HOME,                     /root"
    })
    void knownVariable_isNot(String name, String value) {
        assertEquals(List.of(), warned(Map.of(name, value)));
    }
}
