package io.spvn.server.http1;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.server.http.HttpError;
import io.spvn.server.http.RequestRules;
import io.spvn.server.http.Rule;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class HeadRulesTest {
    static List<HeadCorpus.Refused> refused() {
        return HeadCorpus.REFUSED;
    }

    static List<Named<String>> accepted() {
        return HeadCorpus.ACCEPTED.stream()
                .map(request -> Named.of(HeadCorpus.shown(request), request))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void brokenRule_isTheAnswer(HeadCorpus.Refused row) {
        byte[] bytes = Heads.bytes(row.request());
        HttpError error =
                assertThrows(HttpError.class, () -> Heads.parser().parse(bytes, 0, bytes.length));
        HttpError expected = row.rule().error();
        assertEquals(expected.getMessage(), error.getMessage());
        assertEquals(expected.status(), error.status());
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void legalHead_isAccepted(String request) {
        assertDoesNotThrow(() -> Heads.parse(request));
    }

    private static List<Rule> rules() {
        return Stream.<Rule[]>of(HeadRules.values(), RequestRules.values())
                .flatMap(Arrays::stream)
                .toList();
    }

    @Test
    void everyRule_isBrokenByARow() {
        var met = HeadCorpus.REFUSED.stream().map(HeadCorpus.Refused::rule).toList();
        assertEquals(Set.copyOf(rules()), Set.copyOf(met));
    }

    @Test
    void reasons_areDifferentAndFitForClients() {
        List<String> reasons =
                rules().stream().map(rule -> String.valueOf(rule.error().getMessage())).toList();
        assertEquals(reasons.size(), reasons.stream().distinct().count());
        assertTrue(reasons.stream().allMatch(reason -> reason.matches("[ -~]{5,70}")));
    }

    @Test
    void everyRule_isACountedRefusal_withItsStatusAndSection() {
        for (Rule rule : rules()) {
            int status = rule == HeadRules.VERSION_UNSUPPORTED ? 505 : rule.counted().status();
            assertEquals(status, rule.error().status(), rule.toString());
            assertEquals(rule.counted(), rule.error().reason());
            assertTrue(rule.section().matches("RFC \\d{4} [0-9.]+"), rule.section());
        }
    }

    @Test
    void describe_hasOneLineForEachRule() {
        List<String> lines = HeadRules.describe().lines().toList();
        assertEquals(HeadRules.values().length + 2, lines.size());
        assertTrue(lines.contains("| 400 | LF without CR | RFC 9112 2.2 |"));
        assertTrue(lines.contains("| 414 | request line is too long | RFC 9112 3 |"));
        assertEquals(RequestRules.values().length + 2, RequestRules.describe().lines().count());
    }

    @Test
    void error_carriesNoStackTrace() {
        assertEquals(0, HeadRules.BARE_CR.error().getStackTrace().length);
    }
}
