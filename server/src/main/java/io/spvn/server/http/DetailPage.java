package io.spvn.server.http;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.exchange.Rejected;
import java.nio.charset.StandardCharsets;

/// The server's answer in the app's stead: its short text or, for who may know more, that as HTML
/// for a browser and as plain text for any other, which no cache keeps.
///
/// A traceback tells of the app's source, so an answer has a detail under `--watch` only: who makes
/// [io.spvn.bridge.exchange.Exchange#refuse] say one sees to that.
///
/// @param status of the answer
/// @param headers of it
/// @param text its body
public record DetailPage(int status, Headers headers, Payload text) {
    private static final byte[] ACCEPT = Ascii.bytes("accept");
    private static final byte[] CONTENT_TYPE = Ascii.bytes("content-type");
    private static final byte[] HTML = Ascii.bytes("text/html; charset=utf-8");
    private static final byte[] PLAIN_TEXT = Ascii.bytes("text/plain; charset=utf-8");
    private static final byte[] CACHE_CONTROL = Ascii.bytes("cache-control");
    private static final byte[] NO_STORE = Ascii.bytes("no-store");
    private static final byte[] CONTENT_TYPE_OPTIONS = Ascii.bytes("x-content-type-options");
    private static final byte[] NO_SNIFF = Ascii.bytes("nosniff");
    private static final byte[] MEDIA_TYPE = Ascii.bytes("text/html");

    /// The answer to one request.
    ///
    /// @param detail what the client is shown beside the reason, several lines; "" for nothing
    /// @param request its fields
    public static DetailPage of(Rejected reason, String detail, Headers request) {
        if (detail.isEmpty()) {
            HttpError error = new HttpError(reason, reason.message());
            return new DetailPage(error.status(), error.headers(), error.text());
        }
        String title = reason.message();
        return acceptsHtml(request)
                ? page(reason, HTML, html(escaped(title), escaped(detail.strip())))
                : page(reason, PLAIN_TEXT, title + "\n\n" + detail.strip() + "\n");
    }

    private static DetailPage page(Rejected reason, byte[] type, String text) {
        Headers headers =
                Headers.of(
                        CONTENT_TYPE,
                        type,
                        CACHE_CONTROL,
                        NO_STORE,
                        CONTENT_TYPE_OPTIONS,
                        NO_SNIFF);
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return new DetailPage(reason.status(), headers, Payload.of(body));
    }

    private static String html(String title, String detail) {
        return """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <title>%1$s</title>
        <style>
        body { font: 16px/1.5 system-ui, sans-serif; margin: 2em; }
        pre { font-size: 14px; padding: 1em; border: 1px solid #999; overflow: auto; }
        </style>
        <h1>%1$s</h1>
        <pre>%2$s</pre>
        </html>
        """
                .formatted(title, detail);
    }

    /// Whether HTML is named; a client that would take anything is none that shows it.
    private static boolean acceptsHtml(Headers request) {
        var types = new ListField(request, ACCEPT);
        while (types.next()) {
            int end = Ascii.indexOf((byte) ';', request.block(), types.from(), types.to());
            if (Ascii.equalsIgnoreCase(
                    request.block(),
                    types.from(),
                    trimmed(request, types.from(), end),
                    MEDIA_TYPE)) {
                return true;
            }
        }
        return false;
    }

    private static int trimmed(Headers request, int from, int to) {
        int end = to;
        while (end > from && Ascii.isBlank(request.block()[end - 1])) {
            end--;
        }
        return end;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
