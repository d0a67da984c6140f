package io.spvn.loadtest.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0.0",
        "1, 1.0",
        "-0.5, -0.5",
        "0.1, 0.1",
        "0.000064, 0.000064",
        "0.000000001, 0.0000000010",
        "4990.123456789, 4990.123456789",
        "12345678, 12345678",
        "1e300, 1"
                + "00000000000000000000000000000000000000000000000000" // 300 zeros
                + "00000000000000000000000000000000000000000000000000"
                + "00000000000000000000000000000000000000000000000000"
                + "00000000000000000000000000000000000000000000000000"
                + "00000000000000000000000000000000000000000000000000"
                + "00000000000000000000000000000000000000000000000000",
    })
    void number_isWrittenOut(double number, String text) {
        assertTrue(Json.text(Map.of("a", List.of(number))).contains("[ " + text + " ]"));
    }

    @Test
    void tree_readBack_isTheSame() throws IOException {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("z", "\u00e4 \" \\ \n \u0001 </script>");
        tree.put("a", Map.of("b", List.of(1, 0.25, true, List.of(), Map.of())));
        tree.put("n", Arrays.asList(1L << 40, null));
        Map<String, Object> read = JSON.std.mapFrom(Json.text(tree));
        assertEquals(tree, read);
        assertEquals(List.of("z", "a", "n"), List.copyOf(read.keySet()));
    }
}
