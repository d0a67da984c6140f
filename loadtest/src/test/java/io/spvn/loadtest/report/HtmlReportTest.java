package io.spvn.loadtest.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class HtmlReportTest {
    private static final Pattern ELEMENT = Pattern.compile("<(script|style)\\b");
    private static final Pattern EMBEDDED =
            Pattern.compile(
                    "<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);
    private static final Pattern LOADED =
            Pattern.compile("\\b(src|href)\\s*=\\s*[\"']|@import|url\\(|<link\\b|\\bfetch\\(");

    private static final Map<String, Object> ATTACK =
            Map.of(
                    "kind", "attack",
                    "url", "http://127.0.0.1/</script><script>alert(1)</script><!-- {{data}} $1 \\",
                    "load", Map.of("mode", "closed", "connections", 64),
                    "statuses", Map.of("200", 3),
                    "intervals", List.of(Map.of("t", 0.5, "due", 1)));

    private static final Map<String, Object> COMPARISON =
            Map.of(
                    "kind",
                    "comparison",
                    "rows",
                    List.of(Map.of("peer", "granian", "why", "é </SCRIPT > {{page.js}}")));

    @Test
    void attack_hasItsDataAndItsScript() throws IOException {
        String page = HtmlReport.attack(ATTACK);
        assertEquals(ATTACK, embedded(page));
        assertTrue(page.contains("The page of one attack."));
    }

    @Test
    void comparison_hasItsDataAndItsScript() throws IOException {
        String page = HtmlReport.comparison(COMPARISON);
        assertEquals(COMPARISON, embedded(page));
        assertTrue(page.contains("The page of a comparison of servers."));
    }

    @Test
    void data_cannotBreakOutOfTheirElement() {
        assertEquals(elements(HtmlReport.attack(Map.of())), elements(HtmlReport.attack(ATTACK)));
        assertEquals(
                elements(HtmlReport.comparison(Map.of())),
                elements(HtmlReport.comparison(COMPARISON)));
        assertFalse(HtmlReport.attack(ATTACK).contains("alert(1)</script>"));
    }

    @Test
    void everyPlaceIsFilled() {
        assertFalse(HtmlReport.attack(Map.of()).contains("{{"));
        assertFalse(HtmlReport.comparison(Map.of()).contains("{{"));
    }

    @Test
    void nothingIsLoaded() {
        assertFalse(LOADED.matcher(HtmlReport.attack(Map.of())).find());
        assertFalse(LOADED.matcher(HtmlReport.comparison(Map.of())).find());
        assertTrue(HtmlReport.attack(Map.of()).contains("content=\"default-src 'none';"));
    }

    @Test
    void charts_keepTheirLicence() {
        String page = HtmlReport.attack(Map.of());
        assertTrue(page.contains("Leon Sorokin"));
        assertTrue(page.contains("Permission is hereby granted"));
    }

    private static Map<String, Object> embedded(String page) throws IOException {
        var found = EMBEDDED.matcher(page);
        assertTrue(found.find());
        return JSON.std.mapFrom(found.group(1));
    }

    private static List<String> elements(String page) {
        return ELEMENT.matcher(page).results().map(MatchResult::group).toList();
    }
}
