package io.spvn.server.proxy;

import static io.spvn.server.proxy.ProxyHeaders.LOCAL;
import static io.spvn.server.proxy.ProxyHeaders.PROXY;
import static io.spvn.server.proxy.ProxyHeaders.TCP4;
import static io.spvn.server.proxy.ProxyHeaders.TCP6;
import static io.spvn.server.proxy.ProxyHeaders.UNIX;
import static io.spvn.server.proxy.ProxyHeaders.binary;
import static io.spvn.server.proxy.ProxyHeaders.bytes;
import static io.spvn.server.proxy.ProxyHeaders.ip;
import static io.spvn.server.proxy.ProxyHeaders.unix;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spvn.bridge.asgi.Endpoint;
import io.spvn.server.proxy.ProxyHeader.Malformed;
import io.spvn.server.proxy.ProxyHeader.Said;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
    private static Said parse(byte[] header) throws Malformed {
        return ProxyHeader.parse(header, header.length);
    }

    @Test
    void text_namesBothEnds() throws Malformed {
        byte[] header = bytes("PROXY TCP4 192.0.2.7 203.0.113.9 56324 443\r\nGET /");
        assertEquals(
                new Said.Of(44, new Endpoint("192.0.2.7", 56324), new Endpoint("203.0.113.9", 443)),
                parse(header));
    }

    @Test
    void text_ofIpv6_isShownAsOthersAre() throws Malformed {
        byte[] header = bytes("PROXY TCP6 2001:DB8:0:0::1 ::1 0 65535\r\n");
        assertEquals(
                new Said.Of(
                        header.length, new Endpoint("2001:db8::1", 0), new Endpoint("::1", 65535)),
                parse(header));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY UNKNOWN\r\n", "PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n"})
    void text_thatKnowsNobody_isTheProxysOwn(String header) throws Malformed {
        assertEquals(new Said.Own(header.length()), parse(bytes(header)));
    }

    @Test
    void binary_namesBothEnds_andWhatItSaysBeyondIsPassedOver() throws Malformed {
        byte[] header = binary(PROXY, TCP4, ip(4, new byte[] {4, 0, 1, 'x'}));
        assertEquals(
                new Said.Of(32, new Endpoint("1.2.3.4", 258), new Endpoint("5.6.7.8", 772)),
                parse(header));
    }

    @Test
    void binary_ofIpv6() throws Malformed {
        byte[] header = binary(PROXY, TCP6, ip(16, new byte[0]));
        assertEquals(
                new Said.Of(
                        52,
                        new Endpoint("102:304:506:708:90a:b0c:d0e:f10", 258),
                        new Endpoint("1112:1314:1516:1718:191a:1b1c:1d1e:1f20", 772)),
                parse(header));
    }

    @Test
    void binary_ofAUnixSocket_hasNoClient() throws Malformed {
        assertEquals(
                new Said.Of(232, null, new Endpoint("/run/s", -1)),
                parse(binary(PROXY, UNIX, unix("", "/run/s"))));
        assertEquals(new Said.Of(232, null, null), parse(binary(PROXY, UNIX, unix("/c", ""))));
    }

    static Stream<byte[]> own() {
        return Stream.of(
                binary(LOCAL, 0, new byte[0]),
                binary(LOCAL, TCP4, ip(4, new byte[0])),
                binary(PROXY, 0, new byte[] {1, 2, 3}));
    }

    @ParameterizedTest
    @MethodSource("own")
    void binary_ofACheck_orOfNobody_isTheProxysOwn(byte[] header) throws Malformed {
        assertEquals(new Said.Own(header.length), parse(header));
    }

    static Stream<byte[]> whole() {
        return Stream.of(
                bytes("PROXY TCP4 192.0.2.7 203.0.113.9 56324 443\r\n"),
                binary(PROXY, TCP6, ip(16, new byte[20])));
    }

    @ParameterizedTest
    @MethodSource("whole")
    void inPieces_isUnfinishedUntilItsEnd(byte[] header) throws Malformed {
        for (int length = 1; length < header.length; length++) {
            assertInstanceOf(Said.Unfinished.class, ProxyHeader.parse(header, length));
        }
        assertInstanceOf(Said.Of.class, parse(header));
    }

    static Stream<Named<byte[]>> wrong() {
        return Stream.of(
                        "GET / HTTP/1.1\r\n",
                        "POST / HTTP/1.1\r\n",
                        "proxy TCP4 192.0.2.7 203.0.113.9 56324 443\r\n",
                        "PROXY TCP5 192.0.2.7 203.0.113.9 56324 443\r\n",
                        "PROXY TCP4 192.0.2.7 203.0.113.9 56324\r\n",
                        "PROXY TCP4 192.0.2.7 203.0.113.9 56324 443 1\r\n",
                        "PROXY TCP4  192.0.2.7 203.0.113.9 56324 443\r\n",
                        "PROXY TCP4 192.0.2.07 203.0.113.9 56324 443\r\n",
                        "PROXY TCP4 192.0.2 203.0.113.9 56324 443\r\n",
                        "PROXY TCP4 ::1 ::2 56324 443\r\n",
                        "PROXY TCP6 192.0.2.7 203.0.113.9 56324 443\r\n",
                        "PROXY TCP6 fe80::1%lo ::2 56324 443\r\n",
                        "PROXY TCP4 192.0.2.7 203.0.113.9 65536 443\r\n",
                        "PROXY TCP4 192.0.2.7 203.0.113.9 -1 443\r\n",
                        "PROXY TCP4 name.example 203.0.113.9 1 443\r\n",
                        "PROXY " + "x".repeat(110))
                .map(text -> Named.of(text.strip(), bytes(text)));
    }

    static Stream<Named<byte[]>> wrongBinary() {
        return Stream.of(
                Named.of("version 1", binary(0x11, TCP4, ip(4, new byte[0]))),
                Named.of("command 2", binary(0x22, TCP4, ip(4, new byte[0]))),
                Named.of("datagrams", binary(PROXY, 0x12, ip(4, new byte[0]))),
                Named.of("unknown family", binary(PROXY, 0x41, ip(4, new byte[0]))),
                Named.of("too short", binary(PROXY, TCP4, new byte[11])),
                Named.of("too short for IPv6", binary(PROXY, TCP6, new byte[35])),
                Named.of("too short for paths", binary(PROXY, UNIX, new byte[215])),
                Named.of("too long", binary(PROXY, TCP4, new byte[4081])),
                Named.of("of TLS", new byte[] {22, 3, 1, 2, 0}));
    }

    @ParameterizedTest
    @MethodSource({"wrong", "wrongBinary"})
    void wrongHeader_isRefused(byte[] header) {
        assertThrows(Malformed.class, () -> parse(header));
    }
}
