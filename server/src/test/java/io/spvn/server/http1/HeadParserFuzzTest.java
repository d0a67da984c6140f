package io.spvn.server.http1;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/// Bytes as a request head, see [HeadProperties]. Ordinary runs replay the seeds and the found
/// cases, and try fresh inputs; the profile `fuzz` lets Jazzer look for more.
final class HeadParserFuzzTest {
    private static final int ROUNDS = 20_000;

    static Stream<Named<byte[]>> seeds() {
        return Mutations.HEADS.seeds().stream()
                .map(text -> Named.of(HeadCorpus.shown(text), Heads.bytes(text)));
    }

    @MethodSource("seeds")
    @DictionaryEntries({
        "\\x0D\\x0A",
        "HTTP/1.1",
        "HTTP/1.0",
        "http://",
        "CONNECT ",
        "OPTIONS ",
        "Host: b\\x0D\\x0A",
        "Content-Length: 5\\x0D\\x0A",
        "Transfer-Encoding: chunked\\x0D\\x0A",
        "Connection: close\\x0D\\x0A",
        "Expect: 100-continue\\x0D\\x0A"
    })
    @FuzzTest
    void bytes_keepTheProperties(byte[] bytes) {
        HeadProperties.check(bytes);
    }

    @Test
    void freshBytes_keepTheProperties() {
        Fresh.inputs(Mutations.HEADS, ROUNDS, HeadProperties::check);
    }
}
