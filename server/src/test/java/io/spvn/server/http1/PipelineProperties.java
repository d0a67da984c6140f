package io.spvn.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;

/// What holds for any bytes that are read as requests in a row: no request is seen that a simple
/// split does not see, none has another body, and how they are cut into reads does not matter.
final class PipelineProperties {
    private PipelineProperties() {}

    static void check(byte[] bytes) {
        Random cuts = HeadProperties.cuts(bytes);
        List<Message> whole = PipelineReader.read(bytes, _ -> bytes.length);
        assertEquals(whole, PipelineReader.read(bytes, _ -> 1 + cuts.nextInt(60)));
        List<Message> accepted = whole.stream().filter(message -> message.end() >= 0).toList();
        List<Message> expected = PipelineReference.split(Heads.text(bytes));
        assertEquals(accepted, expected.subList(0, Math.min(accepted.size(), expected.size())));
    }
}
