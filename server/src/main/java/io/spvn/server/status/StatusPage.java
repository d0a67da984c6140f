package io.spvn.server.status;

import io.spvn.server.observe.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The status as a web page in one answer that needs nothing else from anywhere but `/status`: a
/// script of ours draws what that says, every two seconds. Without scripts there is the text of
/// [StatusText].
///
/// What clients send, such as paths, comes as data: in JSON in which no `<` is left, or as escaped
/// text. The policy allows our own script and style by their hashes, and nothing else.
///
/// @param head of the document, up to the text
/// @param middle between the text and the data
/// @param tail behind the data
/// @param policy what a browser may load and run
record StatusPage(String head, String middle, String tail, String policy) {
    private static final String TEXT = "{{text}}";
    private static final String DATA = "{{data}}";
    private static final String HTML = "text/html; charset=utf-8";

    /// Reads it from the jar.
    static StatusPage load() {
        String style = resource("status.css");
        String script = resource("status.js");
        String html =
                resource("status.html").replace("{{style}}", style).replace("{{script}}", script);
        int text = html.indexOf(TEXT);
        int data = html.indexOf(DATA, text);
        return new StatusPage(
                html.substring(0, text),
                html.substring(text + TEXT.length(), data),
                html.substring(data + DATA.length()),
                policy(hash(style), hash(script)));
    }

    private static String policy(String style, String script) {
        return "default-src 'none'; style-src '%s'; script-src '%s'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                .formatted(style, script);
    }

    private static String hash(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing); // every Java has it
        }
    }

    private static String resource(String name) {
        try (InputStream stream = StatusPage.class.getResourceAsStream(name)) {
            return text(stream, name);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    private static String text(@Nullable InputStream stream, String name) throws IOException {
        if (stream == null) {
            throw new IllegalStateException("not on the class path: " + name);
        }
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    /// The page that shows this at first.
    Answer answer(Map<String, ?> tree) {
        String json = Json.text(tree).replace("<", "\\u003c");
        String text = escaped(StatusText.of(tree));
        return new Answer(200, HTML, head + text + middle + json + tail, "")
                .with("Content-Security-Policy: " + policy)
                .with("X-Content-Type-Options: nosniff")
                .with("Referrer-Policy: no-referrer");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
