package io.spvn.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spvn.bridge.asgi.Headers;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptEncodingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | '' | true",
                "gzip | gzip | true",
                "x-gzip | gzip | true",
                "GZip | gzip | true",
                "gzip, deflate, br, zstd | br zstd gzip | true",
                "gzip;q=1.0, zstd;q=0.5 | gzip zstd | true",
                "gzip ; q=0.001 | gzip | true",
                "gzip;q=0 | '' | true",
                "gzip;q=0.000, * | br zstd | true",
                "* | br zstd gzip | true",
                "*;q=0 | '' | false",
                "identity;q=0 | '' | false",
                "identity;q=0, gzip | gzip | false",
                "*;q=0, identity | '' | true",
                "identity;q=0.5, gzip;q=0.4, br;q=0.5 | br | true",
                "gzip;q=2, br | br | true",
                "gzip;level=1, br | br | true",
                "deflate, compress | '' | true",
            })
    void codings(String field, String codings, boolean identity) {
        AcceptEncoding accepted = of(field);
        assertEquals(
                codings,
                accepted.codings().stream()
                        .map(ContentCoding::word)
                        .collect(Collectors.joining(" ")));
        assertEquals(identity, accepted.takesIdentity());
    }

    @Test
    void noField_isNoCoding() {
        AcceptEncoding accepted = AcceptEncoding.of(Headers.EMPTY);
        assertEquals(0, accepted.codings().size());
        assertEquals(true, accepted.takesIdentity());
    }

    private static AcceptEncoding of(String field) {
        return AcceptEncoding.of(Headers.of(Ascii.bytes("accept-encoding"), Ascii.bytes(field)));
    }
}
