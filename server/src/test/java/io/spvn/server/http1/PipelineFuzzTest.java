package io.spvn.server.http1;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/// Bytes as requests in a row, see [PipelineProperties]. Ordinary runs replay the seeds and the
/// found cases, and try fresh inputs; the profile `fuzz` lets Jazzer look for more.
final class PipelineFuzzTest {
    private static final int ROUNDS = 15_000;

    static Stream<Named<byte[]>> seeds() {
        return Mutations.PIPELINES.seeds().stream()
                .map(text -> Named.of(HeadCorpus.shown(text), Heads.bytes(text)));
    }

    @MethodSource("seeds")
    @DictionaryEntries({
        "\\x0D\\x0A\\x0D\\x0A",
        "GET /a HTTP/1.1\\x0D\\x0AHost: a\\x0D\\x0A",
        "POST /b HTTP/1.1\\x0D\\x0AHost: a\\x0D\\x0A",
        "Content-Length: 5\\x0D\\x0A\\x0D\\x0Ahello",
        "Transfer-Encoding: chunked\\x0D\\x0A\\x0D\\x0A",
        "0\\x0D\\x0A\\x0D\\x0A"
    })
    @FuzzTest
    void bytes_keepTheProperties(byte[] bytes) {
        PipelineProperties.check(bytes);
    }

    @Test
    void freshBytes_keepTheProperties() {
        Fresh.inputs(Mutations.PIPELINES, ROUNDS, PipelineProperties::check);
    }
}
