package io.spvn.loadtest.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A web page in one file that needs no network: the JSON of an attack or of a comparison, and the
/// script that draws it.
///
/// The JSON is the only text that comes from outside. It stands in a `script` element of type
/// `application/json`, which only `</script` or `<!--` could end; hence no `<` is left in it. The
/// page's own script puts it on the page as text, never as markup.
public final class HtmlReport {
    private static final String UPLOT = "META-INF/resources/webjars/uplot/1.6.30/";

    private HtmlReport() {}

    /// The page of what `RunJson` says of a run.
    public static String attack(Map<String, ?> run) {
        return page("attack.js", run);
    }

    /// The page of a comparison of servers.
    public static String comparison(Map<String, ?> comparison) {
        return page("comparison.js", comparison);
    }

    private static String page(String script, Map<String, ?> data) {
        return own("page.html")
                .replace("{{uplot.css}}", uplot("dist/uPlot.min.css"))
                .replace("{{style.css}}", own("style.css"))
                .replace("{{uplot.licence}}", uplot("LICENSE").strip())
                .replace("{{uplot.js}}", uplot("dist/uPlot.iife.min.js"))
                .replace("{{report.js}}", own("report.js"))
                .replace("{{charts.js}}", own("charts.js"))
                .replace("{{page.js}}", own(script))
                // Last: nothing in the data is taken for a place to fill.
                .replace("{{data}}", Json.text(data).replace("<", "\\u003c"));
    }

    private static String own(String name) {
        return text(HtmlReport.class.getResourceAsStream(name), name);
    }

    private static String uplot(String name) {
        ClassLoader loader = Objects.requireNonNull(HtmlReport.class.getClassLoader());
        return text(loader.getResourceAsStream(UPLOT + name), UPLOT + name);
    }

    private static String text(@Nullable InputStream resource, String name) {
        if (resource == null) {
            throw new IllegalStateException("not on the class path: " + name);
        }
        try (resource) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
