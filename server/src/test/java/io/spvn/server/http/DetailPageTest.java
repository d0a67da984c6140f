package io.spvn.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.exchange.Rejected;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DetailPageTest {
    private static final String TRACEBACK = "\nin \"<module>\"\n  a & 'b'\n";

    private static DetailPage page(String accept) {
        Headers request = Headers.of(Ascii.bytes("accept"), Ascii.bytes(accept));
        return DetailPage.of(Rejected.APP_BROKEN, TRACEBACK, request);
    }

    private static String field(DetailPage page, String name) {
        Headers headers = page.headers();
        return new String(
                headers.value(headers.find(Ascii.bytes(name), 0)), StandardCharsets.US_ASCII);
    }

    private static String text(DetailPage page) {
        byte[] bytes = new byte[(int) page.text().length()];
        page.text().copyTo(0, bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html                                        | true",
                "text/html,application/xhtml+xml,*/*;q=0.8        | true",
                "application/xml, TEXT/HTML ; q=0.5               | true",
                "*/*                                              | false",
                "text/*                                           | false",
                "application/json                                 | false",
                "text/htmlx                                       | false",
                "''                                               | false"
            })
    void html_isForWhoNamesIt(String accept, boolean html) {
        String type = html ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
        assertEquals(type, field(page(accept), "content-type"));
    }

    @Test
    void html_isEscaped() {
        String text = text(page("text/html"));
        assertTrue(
                text.contains("<pre>in &quot;&lt;module&gt;&quot;\n  a &amp; &#39;b&#39;</pre>"),
                text);
        assertFalse(text.contains("<module>"), text);
    }

    @Test
    void plainText_isAsItIs() {
        assertEquals(
                "The app cannot be started\n\nin \"<module>\"\n  a & 'b'\n", text(page("*/*")));
    }

    @Test
    void noCacheKeepsIt_andTheStatusIsThatOfTheReason() {
        DetailPage page = page("text/html");
        assertEquals(503, page.status());
        assertEquals("no-store", field(page, "cache-control"));
        assertEquals("nosniff", field(page, "x-content-type-options"));
    }
}
