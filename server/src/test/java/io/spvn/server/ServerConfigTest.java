package io.spvn.server;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spvn.server.ServerConfig.Limits;
import io.spvn.server.ServerConfig.Network;
import io.spvn.server.connection.Timeouts;
import io.spvn.server.process.ProcessSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A configuration that exists is a legal one.
final class ServerConfigTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final List<Bind> BINDS = List.of(new Bind.Tcp("127.0.0.1", 0));

    private static void assertRefused(String message, Executable construction) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, construction);
        assertEquals(message, refused.getMessage());
    }

    @Test
    void network() {
        assertDoesNotThrow(() -> new Network(BINDS, 1, true, 0777));
        assertRefused("binds is empty", () -> new Network(List.of(), 1, false, null));
        assertRefused(
                "backlog must be at least 1, not 0", () -> new Network(BINDS, 0, false, null));
        assertRefused(
                "udsPermissions must be within 000-777", () -> new Network(BINDS, 1, false, 01000));
        assertRefused(
                "udsPermissions must be within 000-777", () -> new Network(BINDS, 1, false, -1));
    }

    @ParameterizedTest
    @CsvSource({", , 666", ", 027, 640", "600, , 600", "660, 077, 660", "000, , 000"})
    void socketPermissions_areWhatIsAskedFor_elseTheDefaultLessTheUmask(
            @Nullable String asked, @Nullable String umask, String permissions) {
        Network network = new Network(BINDS, 1, false, octal(asked));
        assertEquals(octal(permissions), network.socketPermissions(octal(umask)));
    }

    private static @Nullable Integer octal(@Nullable String text) {
        return text == null ? null : Integer.valueOf(text, 8);
    }

    @Test
    void limits() {
        assertDoesNotThrow(() -> new Limits(0, 0));
        assertRefused("connections must be at least 0, not -1", () -> new Limits(-1, 0));
        assertRefused("body must be at least 0, not -1", () -> new Limits(0, -1));
    }

    @Test
    void timeouts() {
        Duration none = Duration.ZERO;
        Duration negative = SECOND.negated();
        assertRefused(
                "header must be more than zero, not PT0S",
                () -> new Timeouts(SECOND, none, SECOND, SECOND, SECOND));
        assertRefused(
                "body must be more than zero, not PT-1S",
                () -> new Timeouts(SECOND, SECOND, negative, SECOND, SECOND));
        assertRefused(
                "write must be more than zero, not PT0S",
                () -> new Timeouts(SECOND, SECOND, SECOND, none, SECOND));
        assertRefused(
                "keepAlive must be more than zero, not PT0S",
                () -> new Timeouts(SECOND, SECOND, SECOND, SECOND, none));
    }

    @Test
    void process() {
        assertDoesNotThrow(() -> new ProcessSettings(null, null, 0777, null));
        assertRefused(
                "umask must be within 000-777", () -> new ProcessSettings(null, null, 01000, null));
        assertRefused(
                "umask must be within 000-777", () -> new ProcessSettings(null, null, -1, null));
    }
}
