package io.spvn.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BindTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:8000, 127.0.0.1, 8000, http://127.0.0.1:8000",
        "0.0.0.0:0,      0.0.0.0,   0,    http://0.0.0.0:0",
        "localhost:80,   localhost, 80,   http://localhost:80",
        "[::1]:65535,    ::1,       65535, http://[::1]:65535",
        "[::]:1,         ::,        1,    http://[::]:1"
    })
    void parse_tcp(String text, String host, int port, String url) {
        Bind bind = Bind.parse(text);
        assertEquals(new Bind.Tcp(host, port), bind);
        assertEquals(url, bind.url());
    }

    @Test
    void parse_inherited() {
        assertEquals(new Bind.Inherited(3), Bind.parse("fd://3"));
        assertEquals("fd://3", new Bind.Inherited(3).url());
    }

    @ParameterizedTest
    @CsvSource({"unix:/run/spvn.sock, /run/spvn.sock", "unix:spvn.sock, spvn.sock"})
    void parse_unix(String text, String path) {
        Bind bind = Bind.parse(text);
        assertEquals(new Bind.Unix(Path.of(path)), bind);
        assertEquals(text, bind.url());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "8000",
                "127.0.0.1",
                "127.0.0.1:",
                ":8000",
                "127.0.0.1:http",
                "127.0.0.1:-1",
                "127.0.0.1:65536",
                "127.0.0.1:999999",
                "256.0.0.1:80",
                "1.2.3:80",
                "::1:80",
                "[::1]",
                "[::g]:80",
                "[127.0.0.1]:80",
                "[]:80",
                "a b:80",
                "-a:80",
                "*:80",
                "http://a:80",
                "unix:",
                "fd://",
                "fd://-1",
                "fd://three",
                "fd://9999999999"
            })
    void parse_refuses(String text) {
        assertThrows(IllegalArgumentException.class, () -> Bind.parse(text));
    }

    @Test
    void unix_pathTooLongForTheSystem() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Bind.Unix(Path.of("/" + "x".repeat(103))));
    }
}
