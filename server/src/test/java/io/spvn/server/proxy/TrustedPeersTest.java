package io.spvn.server.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spvn.bridge.asgi.Endpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedPeersTest {
    @ParameterizedTest
    @CsvSource({
        "'127.0.0.1', 127.0.0.1, true",
        "'127.0.0.1', 127.0.0.2, false",
        "'10.0.0.0/8', 10.255.1.2, true",
        "'10.0.0.0/8', 11.0.0.1, false",
        "'192.0.2.128/25', 192.0.2.129, true",
        "'192.0.2.128/25', 192.0.2.127, false",
        "'0.0.0.0/0', 198.51.100.7, true",
        "'0.0.0.0/0', 2001:db8::1, false",
        "'::1', 0:0:0:0:0:0:0:1, true",
        "'2001:DB8::/33', 2001:db8:7fff::1, true",
        "'2001:db8::/33', 2001:db8:8000::1, false",
        "'::ffff:192.0.2.1', 192.0.2.1, true",
        "'*', 198.51.100.7, true",
        "'', 127.0.0.1, false",
        "' 192.0.2.1 , 198.51.100.0/24 ', 198.51.100.9, true",
        "'unix:', 127.0.0.1, false"
    })
    void list_holdsAddress(String list, String address, boolean expected) {
        assertEquals(expected, TrustedPeers.parse(list).trust(new Endpoint(address, 1)));
    }

    @ParameterizedTest
    @CsvSource({"'unix:', true", "'127.0.0.1', false", "'*', true"})
    void list_holdsUnixSockets(String list, boolean expected) {
        assertEquals(expected, TrustedPeers.parse(list).trust((Endpoint) null));
    }

    @Test
    void byDefault_thisMachineIsTrusted() {
        TrustedPeers peers = TrustedPeers.parse(TrustedPeers.DEFAULT);
        assertEquals(true, peers.trust(new Endpoint("::1", 1)));
        assertEquals(false, peers.trust(new Endpoint("192.0.2.1", 1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy.example", "10.0.0.1/8", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/a",
                "010.0.0.1", "10.0.0", "fe80::1%eth0", "[::1]", "/8", "1.2.3.4:80"
            })
    void wrongItem_isNamed(String item) {
        Exception refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> TrustedPeers.parse("127.0.0.1," + item));
        String said = String.valueOf(refused.getMessage());
        assertEquals(true, said.contains("'" + item + "'"), said);
    }
}
