package io.spvn.loadtest.report;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/// JSON as text.
public final class Json {
    private Json() {}

    /// Writes a tree, indented.
    ///
    /// @param tree of maps, lists, strings, numbers and booleans
    public static String text(Map<String, ?> tree) {
        try {
            return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
