package io.spvn.server.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Endpoint;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Peers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardingTest {
    private static final Endpoint PROXY = new Endpoint("10.0.0.1", 5000);
    private static final Endpoint SERVER = new Endpoint("10.0.0.9", 8000);
    private static final Peers PEERS = new Peers("http", PROXY, SERVER);

    private final Forwarding forwarding = forwarding(EnumSet.allOf(ForwardedField.class));

    private static Forwarding forwarding(Set<ForwardedField> fields) {
        return new Forwarding(
                new Proxies(TrustedPeers.parse("10.0.0.0/8,::1"), ProxyProtocol.OFF, fields));
    }

    /// @param lines `name: value`
    private static Headers headers(String... lines) {
        return Headers.of(
                Arrays.stream(lines)
                        .flatMap(line -> Arrays.stream(line.split(": ", 2)))
                        .map(part -> part.getBytes(StandardCharsets.ISO_8859_1))
                        .toArray(byte[][]::new));
    }

    private Peers peers(String... lines) {
        return forwarding.of(headers(lines), PEERS).peers();
    }

    private static String text(@Nullable Endpoint end) {
        return end == null ? "null" : end.host() + " " + end.port();
    }

    @ParameterizedTest
    @CsvSource({
        "'192.0.2.7', '192.0.2.7 0'",
        "'192.0.2.7:1234', '192.0.2.7 1234'",
        "'2001:DB8::7', '2001:db8::7 0'",
        "'[2001:db8::7]', '2001:db8::7 0'",
        "'[2001:db8::7]:443', '2001:db8::7 443'",
        "'::ffff:192.0.2.7', '192.0.2.7 0'",
        "'203.0.113.66, 192.0.2.7', '192.0.2.7 0'",
        "'192.0.2.7, 10.0.0.3, 10.0.0.2', '192.0.2.7 0'",
        "'192.0.2.7,,10.0.0.3 ,', '192.0.2.7 0'",
        "'10.0.0.4, ::1, 10.0.0.2', '10.0.0.4 0'",
        "'192.0.2.7, unknown, 10.0.0.2', '10.0.0.2 0'",
        "'192.0.2.7, _hidden', '10.0.0.1 5000'",
        "'192.0.2.7, name.example', '10.0.0.1 5000'",
        "'192.0.2.7:99999', '10.0.0.1 5000'",
        "'[192.0.2.7]', '10.0.0.1 5000'",
        "'fe80::1%eth0', '10.0.0.1 5000'",
        "'192.0.2.7:', '10.0.0.1 5000'",
        "'', '10.0.0.1 5000'"
    })
    void xForwardedFor_fromTheRight_theFirstThatIsNotTrusted(String list, String client) {
        assertEquals(client, text(peers("x-forwarded-for: " + list).client()));
    }

    @Test
    void xForwardedFor_overSeveralLines_isOneList() {
        assertEquals(
                "192.0.2.7 0",
                text(peers("x-forwarded-for: 192.0.2.7", "x-forwarded-for: 10.0.0.2").client()));
    }

    @Test
    void everybodyTrusted_theLeftmostIsTheClient() {
        Forwarding all =
                new Forwarding(
                        new Proxies(
                                TrustedPeers.parse("*"),
                                ProxyProtocol.OFF,
                                Proxies.DEFAULT_FIELDS));
        Headers headers = headers("x-forwarded-for: 192.0.2.7, 198.51.100.1");
        assertEquals("192.0.2.7 0", text(all.of(headers, PEERS).peers().client()));
    }

    @ParameterizedTest
    @CsvSource({
        "https, https",
        "HTTPS, https",
        "http, http",
        "wss, https",
        "ws, http",
        "ftp, http",
        "'http, https', https",
        "'https,', https",
        "'', http"
    })
    void xForwardedProto_isTheScheme(String proto, String scheme) {
        assertEquals(scheme, peers("x-forwarded-proto: " + proto).scheme());
    }

    @ParameterizedTest
    @CsvSource({
        "http, example.test, example.test 80",
        "https, example.test, example.test 443",
        "https, example.test:8443, example.test 8443",
        "http, '[2001:db8::7]:81', '2001:db8::7 81'",
        "http, 'evil.test, example.test', 'example.test 80'"
    })
    void xForwardedHost_isTheServer_andTheHost(String scheme, String host, String server) {
        Headers headers =
                headers(
                        "host: inner",
                        "x-forwarded-proto: " + scheme,
                        "x-forwarded-host: " + host,
                        "x: y");
        Forwarding.Request seen = forwarding.of(headers, PEERS);
        assertEquals(server, text(seen.peers().server()));
        assertEquals(4, seen.headers().size());
        String last = host.substring(host.lastIndexOf(' ') + 1);
        assertEquals(last, new String(seen.headers().value(0), StandardCharsets.ISO_8859_1));
        assertEquals("y", new String(seen.headers().value(3), StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a/b", "user@host", "host:port", ":80", "[::1", "<script>"})
    void xForwardedHost_thatIsNone_isNotTaken(String host) {
        Headers headers = headers("host: inner", "x-forwarded-host: " + host);
        Forwarding.Request seen = forwarding.of(headers, PEERS);
        assertSame(headers, seen.headers());
        assertEquals(SERVER, seen.peers().server());
    }

    @ParameterizedTest
    @CsvSource({
        "/api, /api",
        "/api/, /api",
        "/a/b.c_d~1, /a/b.c_d~1",
        "/, ''",
        "api, ''",
        "//evil, ''",
        "/a//b, ''",
        "/a/../b, ''",
        "/./a, ''",
        "/a b, ''",
        "/a?b, ''",
        "/a%2fb, ''",
        "/a\\b, ''",
        "'/one, /two', /two",
        "'', ''"
    })
    void xForwardedPrefix_isWhereTheAppIs(String sent, String prefix) {
        assertEquals(prefix, peers("x-forwarded-prefix: " + sent).prefix());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=192.0.2.7 | 192.0.2.7 0 | http | 10.0.0.9 8000",
                "For=\"[2001:db8::7]:47\";Proto=https | 2001:db8::7 47 | https | 10.0.0.9 8000",
                "for=192.0.2.7 ; host=\"a.test:81\"; by=10.0.0.1 | 192.0.2.7 0 | http | a.test 81",
                "for=203.0.113.6;proto=http;host=evil.test, for=192.0.2.7;proto=https;host=a.test,"
                        + " for=10.0.0.2;proto=http;host=b.test | 192.0.2.7 0 | https | a.test 443",
                "for=unknown;proto=https | 10.0.0.1 5000 | https | 10.0.0.9 8000",
                "for=192.0.2.7, for=\"_gazonk\", for=10.0.0.2 | 10.0.0.2 0 | http | 10.0.0.9 8000",
                "for=192.0.2.7, proto=https | 10.0.0.1 5000 | https | 10.0.0.9 8000",
                "for=10.0.0.3, for=10.0.0.2 | 10.0.0.3 0 | http | 10.0.0.9 8000",
                "for=192.0.2.7;for=192.0.2.8 | 10.0.0.1 5000 | http | 10.0.0.9 8000",
                "for=\"192.0.2.7 | 10.0.0.1 5000 | http | 10.0.0.9 8000",
                "for=192.0.2.7 proto=https | 10.0.0.1 5000 | http | 10.0.0.9 8000",
                ", ;for=192.0.2.7;, | 192.0.2.7 0 | http | 10.0.0.9 8000",
                "for=\"192.0.2\\.7\" | 192.0.2.7 0 | http | 10.0.0.9 8000"
            })
    void forwarded_theElementOfTheOutermostTrustedProxy(
            String value, String client, String scheme, String server) {
        Peers peers = peers("forwarded: " + value);
        assertEquals(client, text(peers.client()));
        assertEquals(scheme, peers.scheme());
        assertEquals(server, text(peers.server()));
    }

    @Test
    void forwarded_aWrongLineEndsTheSearch_thoseBehindItCount() {
        Peers peers = peers("forwarded: for=\"", "forwarded: for=10.0.0.2");
        assertEquals("10.0.0.2 0", text(peers.client()));
    }

    @Test
    void forwarded_countsInPlaceOfTheOthers() {
        Peers peers = peers("forwarded: for=192.0.2.7", "x-forwarded-for: 198.51.100.1");
        assertEquals("192.0.2.7 0", text(peers.client()));
    }

    @Test
    void onlyWhatIsToBeTaken_isTaken() {
        Forwarding some = forwarding(Proxies.DEFAULT_FIELDS);
        Peers peers =
                some.of(
                                headers(
                                        "forwarded: for=198.51.100.1",
                                        "x-forwarded-for: 192.0.2.7",
                                        "x-forwarded-host: a.test",
                                        "x-forwarded-prefix: /a"),
                                PEERS)
                        .peers();
        assertEquals(new Peers("http", new Endpoint("192.0.2.7", 0), SERVER), peers);
    }

    @Test
    void veryLongHeaders_areNoTrouble() {
        String many = "for=\"" + "\\a".repeat(30_000) + "\"";
        assertEquals(PROXY, peers("forwarded: " + many).client());
        String blanks = "for=1," + " ".repeat(60_000) + "\"";
        assertTimeout(Duration.ofSeconds(5), () -> peers("forwarded: " + blanks));
        assertEquals(PROXY, peers("x-forwarded-prefix: " + "/a".repeat(30_000)).client());
        assertEquals(
                "10.0.0.2 0", text(peers("x-forwarded-for: " + "10.0.0.2,".repeat(7000)).client()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"for=1;for=1", "for=\"", "=", "for=1 for=2"})
    void whatAStrangerHasSent_hidesNothingOfTheProxysOwn(String sent) {
        assertEquals(
                "198.51.100.9 0",
                text(peers("forwarded: " + sent + ", for=198.51.100.9").client()));
    }

    @Test
    void strangers_areNotBelieved() {
        assertTrue(forwarding.trusts(PEERS, true));
        assertFalse(
                forwarding.trusts(new Peers("http", new Endpoint("192.0.2.1", 1), SERVER), true));
        assertFalse(forwarding.trusts(new Peers("http", null, SERVER), true));
        assertFalse(Forwarding.OFF.trusts(new Peers("http", null, SERVER), true));
    }

    @Test
    void whoIsNotKnown_isBelievedOnlyWhereEverybodyIs() {
        assertFalse(forwarding.trusts(PEERS, false));
        Proxies everybody =
                new Proxies(TrustedPeers.parse("*"), ProxyProtocol.AUTO, Proxies.DEFAULT_FIELDS);
        assertTrue(new Forwarding(everybody).trusts(PEERS, false));
    }
}
