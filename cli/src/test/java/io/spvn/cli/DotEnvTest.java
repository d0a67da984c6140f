package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files of environment variables, read as python-dotenv reads them.
final class DotEnvTest {
    private static Map<String, String> parse(String text) {
        return DotEnv.parse(".env", text, Map.of("HOME", "/home/me", "A", "around"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "B=b                  | b",
                "export B=b           | b",
                "B = b c              | b c",
                "B=b # comment        | b",
                "B=b#c                | b#c",
                "B='b # c'            | b # c",
                "B='b # c' # d        | b # c",
                "B=\"b\\nc\"        | `b\nc`",
                "B='b\\nc'           | b\\nc",
                "B='it\\'s'          | it's",
                "B=${HOME}/x          | /home/me/x",
                "B=\"${HOME}\"        | /home/me",
                "B='${HOME}'          | ${HOME}",
                "B=${NONE:-else}      | else",
                "B=x${NONE}           | x",
                "B=$HOME              | $HOME",
                "B=                   | ``",
                "B=''                 | ``",
                "B=a=b                | a=b",
            })
    void value(String line, String value) {
        assertEquals(Map.of("B", value), parse(line));
    }

    @Test
    void manyLines() {
        assertEquals(
                Map.of("B", "one\ntwo", "C", "around one\ntwo", "D", "last", "E", ""),
                parse(
                        """
                        # a comment

                        B="one
                        two"
                        ONLY_A_NAME
                        C=${A} ${B}
                        D=first\r
                          D=last
                        E=  # nothing
                        """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "A=1\\n=2 | 2",
                "A b | 1",
                "A=\"x | 1",
                "A='x' y | 1",
                "A=1\\n\\nB-=\"1\" 2 | 3"
            })
    void whatIsNoVariable_namesItsLine(String text, int line) {
        UsageError wrong = assertThrows(UsageError.class, () -> parse(text.replace("\\n", "\n")));
        assertEquals("--env-file: .env: line " + line + " is not NAME=VALUE", wrong.getMessage());
    }
}
