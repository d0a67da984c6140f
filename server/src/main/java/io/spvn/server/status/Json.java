package io.spvn.server.status;

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

/// JSON of trees of maps, lists, strings, numbers, booleans and null. Fractions have six digits at
/// most and no exponent.
final class Json {
    private static final double DIGITS = 1e6;

    private static final JSON WRITER =
            JSON.builder(
                            JsonFactory.builder()
                                    .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                                    .build())
                    .enable(JSON.Feature.WRITE_NULL_PROPERTIES)
                    .build();

    private Json() {}

    static String text(Map<String, ?> tree) {
        try {
            return WRITER.asString(plain(tree));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case Double number -> Double.isFinite(number) ? rounded(number) : null;
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> plain = new LinkedHashMap<>();
                map.forEach((key, inner) -> plain.put(key, plain(inner)));
                yield plain;
            }
            case List<?> list -> list.stream().map(Json::plain).toList();
            case null, default -> value;
        };
    }

    private static BigDecimal rounded(double number) {
        return BigDecimal.valueOf(Math.round(number * DIGITS) / DIGITS).stripTrailingZeros();
    }
}
