package io.spvn.server.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spvn.server.connection.Octets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExtensionParserTest {
    private static final byte[] NAME = Octets.of("sec-websocket-extensions");

    @Test
    void extensions_areReadWithTheirParameters() {
        assertEquals(List.of(), parsed(""));
        assertEquals(List.of("a"), parsed("a"));
        assertEquals(List.of("a;b;c=d"), parsed("a; b ;\tc = d"));
        assertEquals(List.of("a;b=c", "d"), parsed("a;b=\"c\",d"));
        assertEquals(List.of("a;b=cd;e"), parsed("a;b=\"c\\d\" ; e"));
        assertEquals(List.of("a", "b"), parsed(", a,,b ,"));
    }

    @Test
    void lines_areOneList() {
        assertEquals(List.of("a;b", "c", "d"), parsed("a;b, c", "d"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ";",
                "a;",
                "a;;b",
                "a;b=",
                "a;=b",
                "a b",
                "a;b c",
                "a;b=c d",
                "a;b=\"",
                "a;b=\"c",
                "a;b=\"\"",
                "a;b=\"c d\"",
                "a;b=\" c\"",
                "a;b=\"c,d\"",
                "a;b=\"c\\",
                "a;b=\"c\"d",
                "a=b",
                "\"a\"",
                "a;b=c=d",
                "a/b",
                "a;b=\u00E9"
            })
    void malformedList_isRefused(String line) {
        var refused = assertThrows(HandshakeError.class, () -> parsed(line));
        assertEquals(HandshakeRules.EXTENSIONS, refused.rule());
        assertThrows(HandshakeError.class, () -> parsed("x", line));
    }

    static List<Extension> extensions(String... lines) {
        String[] fields =
                Arrays.stream(lines)
                        .map(line -> "sec-websocket-extensions: " + line)
                        .toArray(String[]::new);
        return ExtensionParser.parse(HandshakeTest.headers(fields), NAME);
    }

    private static List<String> parsed(String... lines) {
        return extensions(lines).stream().map(ExtensionParserTest::shown).toList();
    }

    private static String shown(Extension extension) {
        return extension.parameters().stream()
                .map(p -> ";" + p.name() + (p.value() == null ? "" : "=" + p.value()))
                .collect(Collectors.joining("", extension.name(), ""));
    }
}
