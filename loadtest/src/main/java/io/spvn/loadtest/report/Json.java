package io.spvn.loadtest.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON as text. Numbers are written out, without an exponent.
public final class Json {
    private static final JSON WRITER =
            JSON.builder(
                            JsonFactory.builder()
                                    .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                                    .build())
                    .enable(JSON.Feature.PRETTY_PRINT_OUTPUT)
                    .build();

    private Json() {}

    /// Writes a tree, indented.
    ///
    /// @param tree of maps, lists, strings, numbers and booleans
    public static String text(Map<String, ?> tree) {
        try {
            return WRITER.asString(plain(tree));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case Double number when Double.isFinite(number) -> BigDecimal.valueOf(number);
            case Map<?, ?> map -> plain(map);
            case List<?> list -> list.stream().map(Json::plain).toList();
            case null, default -> value;
        };
    }

    private static Map<Object, @Nullable Object> plain(Map<?, ?> map) {
        Map<Object, @Nullable Object> plain = new LinkedHashMap<>();
        map.forEach((key, value) -> plain.put(key, plain(value)));
        return plain;
    }
}
