package io.spvn.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spvn.server.http.ResponseDefaults;
import io.spvn.server.http.ResponseDefaults.Field;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which header fields the server adds.
final class DefaultFieldsTest {
    @Test
    void fieldsOfTheOperator_takeThePlaceOfTheServersOwn() {
        ResponseDefaults defaults =
                new ResponseDefaults(
                        true, true, List.of(new Field("Server", "mine"), new Field("X-A", "b: c")));
        assertEquals(false, defaults.server());
        assertEquals(true, defaults.date());
        assertEquals("Server: mine\r\nX-A: b: c\r\n", defaults.lines());
        assertEquals(
                false, new ResponseDefaults(true, true, List.of(new Field("DATE", ""))).date());
    }

    @ParameterizedTest
    @CsvSource({"a:b, a, b", "A: b , A, b", "a:, a, ''", "a:b:c, a, b:c"})
    void parse(String text, String name, String value) {
        assertEquals(new Field(name, value), Field.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                ":b",
                "a b:c",
                "a:b\nc:d",
                "a:b\rc",
                "a:\0",
                "a:\u00e9",
                "Content-Length:1",
                "transfer-encoding:chunked",
                "connection:close"
            })
    void parse_whatIsNoField_orNotTheOperatorsToSay(String text) {
        assertThrows(IllegalArgumentException.class, () -> Field.parse(text));
    }
}
