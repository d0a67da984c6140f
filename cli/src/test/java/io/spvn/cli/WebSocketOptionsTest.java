package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spvn.server.websocket.WebSocketSettings;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How WebSockets are served, or not.
final class WebSocketOptionsTest {
    @ParameterizedTest
    @ValueSource(strings = {"--no-ws", "--ws=none"})
    void webSockets_areNotServedWhenToldSo(String option) {
        assertNull(Invocation.of("serve", "m", option).config().webSockets());
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "websockets", "websockets-sansio", "wsproto"})
    void webSockets_byTheNameOfAnImplementation(String name) {
        assertEquals(
                webSockets(),
                webSockets("--ws", name),
                "there is one way in which they are served");
    }

    /// As the options of the same names in other servers take them: numbers of bytes and seconds.
    @Test
    void webSockets_inBareNumbers() {
        assertEquals(
                new WebSocketSettings(
                        16_777_216, 32, true, Duration.ofMillis(2500), Duration.ofSeconds(30)),
                webSockets(
                        "--ws-max-size=16777216",
                        "--ws-ping-interval=2.5",
                        "--ws-ping-timeout=30.0",
                        "--ws-per-message-deflate=True"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.0", "0s", "0ms"})
    void webSockets_withoutPings(String never) {
        WebSocketSettings settings =
                webSockets("--ws-ping-interval", never, "--ws-ping-timeout", never);
        assertNull(settings.pingInterval());
        assertNull(settings.pingTimeout());
    }

    private static WebSocketSettings webSockets(String... options) {
        String[] args =
                Stream.concat(Stream.of("serve", "m"), Stream.of(options)).toArray(String[]::new);
        WebSocketSettings settings = Invocation.of(args).config().webSockets();
        assertNotNull(settings);
        return settings;
    }
}
