package io.spvn.server.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CloseCodeTest {
    @Test
    void codes_thatMayBeSent() {
        List<Integer> below =
                IntStream.range(-1, 3000).filter(CloseCode::mayBeSent).boxed().toList();
        assertEquals(
                List.of(1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014),
                below);
        assertEquals(
                IntStream.rangeClosed(3000, 4999).boxed().toList(),
                IntStream.range(3000, 70_000).filter(CloseCode::mayBeSent).boxed().toList());
    }

    @Test
    void everyRuleOfFrames_hasACodeThatMayBeSent_andFits() {
        for (FrameRules rule : FrameRules.values()) {
            assertEquals(true, CloseCode.mayBeSent(rule.code().code()), rule.name());
            assertEquals(true, rule.reason().length() <= 123, rule.name());
        }
    }
}
