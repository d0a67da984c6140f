package io.spvn.server.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.CloseCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FrameRulesTest {
    @ParameterizedTest
    @EnumSource
    void everyRule_hasACodeThatMayBeSent_andFits(FrameRules rule) {
        assertTrue(CloseCode.mayBeSent(rule.code().code()));
        assertTrue(rule.reason().length() <= 123);
    }

    @Test
    void describe_namesCodeReasonAndSection() {
        List<String> lines = FrameRules.describe().lines().toList();
        assertEquals(FrameRules.values().length + 2, lines.size());
        assertTrue(
                lines.contains("| 1002 | frame is not masked | RFC 6455 5.1 |"), lines::toString);
    }
}
