package io.spvn.loadtest.attack;

import static io.spvn.loadtest.attack.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// None of the hosts here needs a look-up.
class TargetTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://127.0.0.1|127.0.0.1|80|127.0.0.1|/",
                "http://127.0.0.1:8000|127.0.0.1|8000|127.0.0.1:8000|/",
                "HTTP://127.0.0.1:8000/|127.0.0.1|8000|127.0.0.1:8000|/",
                "http://127.9.8.7:1/a/b|127.9.8.7|1|127.9.8.7:1|/a/b",
                "http://127.0.0.1:65535/a%20b?c=d&e=%2F|127.0.0.1|65535|127.0.0.1:65535"
                        + "|/a%20b?c=d&e=%2F",
                "http://127.0.0.1?a=b|127.0.0.1|80|127.0.0.1|/?a=b",
                "http://127.0.0.1/?|127.0.0.1|80|127.0.0.1|/?",
                "http://127.0.0.1/a?b#c?d|127.0.0.1|80|127.0.0.1|/a?b",
                "http://127.0.0.1#top|127.0.0.1|80|127.0.0.1|/",
                "http://[::1]:8000/x|0:0:0:0:0:0:0:1|8000|[::1]:8000|/x",
                "http://[::1]|0:0:0:0:0:0:0:1|80|[::1]|/",
                "http://127.0.0.1/\u00e4/\u4e2d?q=\u00e4|127.0.0.1|80|127.0.0.1"
                        + "|/%C3%A4/%E4%B8%AD?q=%C3%A4",
            })
    void url_ofThisMachine_isReadIntoItsParts(
            String url, String address, int port, String authority, String requestTarget) {
        Target target = Target.of(url, false);
        assertEquals(url, target.url());
        assertEquals(address, target.address().getAddress().getHostAddress());
        assertEquals(port, target.address().getPort());
        assertEquals(authority, target.authority());
        assertEquals(requestTarget, target.requestTarget());
    }

    @Test
    void localhost_isThisMachine() {
        Target target = Target.of("http://localhost:8000/", false);
        assertTrue(target.address().getAddress().isLoopbackAddress());
        assertEquals("localhost:8000", target.authority());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://127.0.0.1/|scheme",
                "ftp://127.0.0.1/|scheme",
                "127.0.0.1:8000|: write http://HOST:PORT/PATH",
                "localhost:8000/x|localhost:8000/x: write http://HOST:PORT/PATH",
                "[::1]:8000/|: write http://HOST:PORT/PATH",
                "httpx://127.0.0.1/|scheme",
                "127.0.0.1|scheme",
                "/path|scheme",
                "''|scheme",
                "http:///path|not",
                "http://|not a URL",
                "http:127.0.0.1|no host",
                "http://:8000/|no host",
                "http://a_b/|no host",
                "http://127.0.0.1:0/|port",
                "http://127.0.0.1:65536/|port",
                "http://127.0.0.1:99999999999/|port",
                "http://127.0.0.1:-1/|port",
                "http://127.0.0.1:x/|port",
                "http://[::1/|not a URL",
                "http://127.0.0.1/a b|not a URL",
                "http://user:secret@127.0.0.1/|--header",
                "http://user@127.0.0.1/|--header",
            })
    void url_thatCannotBe_isRefusedWithALine(String url, String part) {
        assertRefused(part, () -> Target.of(url, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\n", " ", "\t", "\0"})
    void url_withWhatWouldEndTheLine_isRefused(String end) {
        assertRefused("not a URL", () -> Target.of("http://127.0.0.1/" + end + "X:y", false));
        assertRefused("not a URL", () -> Target.of("http://127.0.0.1/?a" + end + "X:y", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://192.0.2.1/",
                "http://192.0.2.1:8000/",
                "http://10.0.0.1/",
                "http://[2001:db8::1]/",
                "http://[::ffff:192.0.2.1]/",
                "http://0.0.0.0/",
                "http://128.0.0.1/",
            })
    void remoteHost_isLetThroughOnlyIfAllowed(String url) {
        assertRefused("--allow-remote", () -> Target.of(url, false));
        assertEquals(url, Target.of(url, true).url());
    }
}
