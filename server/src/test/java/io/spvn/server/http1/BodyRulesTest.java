package io.spvn.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.http.Rule;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class BodyRulesTest {
    @Test
    void everyRule_isBrokenByARow() {
        var met =
                BodyCorpus.REFUSED.stream()
                        .map(BodyCorpus.Refused::rule)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(BodyRules.class)));
        assertEquals(EnumSet.allOf(BodyRules.class), met);
    }

    @Test
    void reasons_areDifferentAndFitForClients() {
        List<String> reasons = Stream.of(BodyRules.values()).map(Rule::reason).toList();
        assertEquals(reasons.size(), reasons.stream().distinct().count());
        assertTrue(reasons.stream().allMatch(reason -> reason.matches("[ -~]{5,70}")));
    }

    @Test
    void everyRule_isACountedRefusalWithItsSection() {
        for (BodyRules rule : BodyRules.values()) {
            assertEquals(Rejected.MALFORMED, rule.error().reason());
            assertEquals(rule.status(), rule.error().status());
            assertTrue(rule.section().matches("RFC 9\\d{3} [0-9.]+"), rule.section());
        }
    }

    @Test
    void describe_hasOneLineForEachRule() {
        List<String> lines = BodyRules.describe().lines().toList();
        assertEquals(BodyRules.values().length + 2, lines.size());
        assertTrue(lines.contains("| 400 | chunk size is too large | RFC 9112 7.1 |"));
    }
}
