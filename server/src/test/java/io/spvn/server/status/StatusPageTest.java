package io.spvn.server.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class StatusPageTest {
    private static final String EVIL = "/{{data}}{{text}}</script><script>alert(1)</script>&<!--";

    private final StatusPage page = StatusPage.load();

    private static Map<String, Object> tree(String path) {
        return Map.of(
                "app",
                "m:app",
                "oldest_requests",
                List.of(Map.of("method", "GET", "path", path, "age_seconds", 1.5)));
    }

    private String html(String path) {
        return page.answer(tree(path)).body();
    }

    private static String element(String html, String pattern) {
        Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(html);
        assertTrue(matcher.find(), pattern);
        return matcher.group(1);
    }

    @Test
    void policy_allowsOurOwnScriptAndStyleByTheirHashesAlone() throws Exception {
        String html = html("/");
        for (String content :
                List.of(
                        element(html, "<style>(.*?)</style>"),
                        element(html, "<script>(.*?)</script>"))) {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(content.getBytes(StandardCharsets.UTF_8));
            String hash = "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
            assertTrue(page.policy().contains(hash), page.policy());
        }
        assertTrue(page.policy().startsWith("default-src 'none'; "), page.policy());
        assertFalse(page.policy().contains("unsafe"), page.policy());
        assertTrue(
                page.answer(tree("/"))
                        .fields()
                        .contains("Content-Security-Policy: " + page.policy() + "\r\n"));
    }

    @Test
    void page_needsNothingFromTheNetwork() {
        String html = html("/");
        assertFalse(html.replace("http://www.w3.org/2000/svg", "").contains("http"), "an address");
        assertFalse(
                Pattern.compile("<(link|img|iframe)|\\sstyle=|\\son[a-z]+=").matcher(html).find());
    }

    @Test
    void whatClientsSend_isDataAndText() {
        String html = html(EVIL);
        assertEquals(2, html.split("<script", -1).length - 1, "one of data, one of ours");
        String data = element(html, "id=\"data\">(.*?)</script>");
        assertTrue(data.contains("/{{data}}{{text}}\\u003c/script>"), data);
        String text = element(html, "<noscript><pre>(.*?)</pre>");
        assertTrue(text.contains("/{{data}}{{text}}&lt;/script&gt;"), text);
        assertTrue(text.contains("&amp;&lt;!--"), text);
    }

    @Test
    void withoutScripts_itIsText() {
        String text = element(html("/a"), "<noscript><pre>(.*?)</pre>");
        assertTrue(text.contains("m:app"), text);
        assertTrue(text.contains("GET /a"), text);
    }
}
