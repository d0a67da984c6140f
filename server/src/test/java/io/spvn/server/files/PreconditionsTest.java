package io.spvn.server.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spvn.bridge.asgi.Headers;
import io.spvn.server.http.Ascii;
import io.spvn.server.http.HttpDate;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreconditionsTest {
    private static final Instant CHANGED = Instant.ofEpochSecond(1_700_000_000);
    private static final EntityTag TAG = new EntityTag("\"a,b\"");

    /// OLD, SAME and NEW are dates before, at and after the last change.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "'' | PROCEED",
                "if-match: \"a,b\" | PROCEED",
                "if-match: * | PROCEED",
                "if-match: \"x\", \"a,b\" | PROCEED",
                "if-match: , \"x\",, \"a,b\" | PROCEED",
                "if-match: W/\"a,b\" | FAILED",
                "if-match: \"x\" | FAILED",
                "if-match: a,b | FAILED",
                "if-match: \"a | FAILED",
                "if-match: | FAILED",
                "if-match: \"a,b\"; if-unmodified-since: OLD | PROCEED",
                "if-unmodified-since: OLD | FAILED",
                "if-unmodified-since: SAME | PROCEED",
                "if-unmodified-since: never | PROCEED",
                "if-none-match: \"a,b\" | NOT_MODIFIED",
                "if-none-match: W/\"a,b\" | NOT_MODIFIED",
                "if-none-match: \"x\",W/\"a,b\" | NOT_MODIFIED",
                "if-none-match: * | NOT_MODIFIED",
                "if-none-match: \"a\", \"b\" | PROCEED",
                "if-none-match: \"x\"; if-modified-since: NEW | PROCEED",
                "if-none-match: \"x\"; if-none-match: \"a,b\" | NOT_MODIFIED",
                "if-modified-since: OLD | PROCEED",
                "if-modified-since: SAME | NOT_MODIFIED",
                "if-modified-since: NEW | NOT_MODIFIED",
                "if-modified-since: never | PROCEED",
                "if-match: \"x\"; if-none-match: \"a,b\" | FAILED",
                "if-match: \"a,b\"; if-none-match: \"a,b\" | NOT_MODIFIED",
                "if-unmodified-since: OLD; if-none-match: \"a,b\" | FAILED",
            })
    void conditions_countInTheirOrder(String fields, Preconditions.Outcome expected) {
        assertEquals(expected, conditions(fields).outcome());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "'' | true",
                "if-range: \"a,b\" | true",
                "if-range: W/\"a,b\" | false",
                "if-range: \"x\" | false",
                "if-range: SAME | true",
                "if-range: NEW | false",
                "if-range: OLD | false",
                "if-range: never | false",
            })
    void range_countsForTheVerySameFile(String fields, boolean expected) {
        assertEquals(expected, conditions(fields).allowRange());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "if-range: SAME | false",
                "if-range: W/\"a,b\" | false",
                "if-range: \"a,b\" | false",
                "'' | true",
            })
    void whatHasJustChanged_isNotKnownToBeTheVerySame(String fields, boolean expected) {
        assertEquals(expected, conditions(fields, new EntityTag("W/\"a,b\"")).allowRange());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "if-match: W/\"a,b\" | FAILED",
                "if-none-match: W/\"a,b\" | NOT_MODIFIED",
                "if-none-match: \"a,b\" | NOT_MODIFIED",
                "if-none-match: \"x\" | PROCEED",
            })
    void weakTag_isComparedAsOne(String fields, Preconditions.Outcome expected) {
        assertEquals(expected, conditions(fields, new EntityTag("W/\"a,b\"")).outcome());
    }

    private static Preconditions conditions(String text) {
        return conditions(text, TAG);
    }

    private static Preconditions conditions(String text, EntityTag tag) {
        String dated =
                text.replace("OLD", HttpDate.format(CHANGED.minusSeconds(1)))
                        .replace("SAME", HttpDate.format(CHANGED))
                        .replace("NEW", HttpDate.format(CHANGED.plusSeconds(1)));
        byte[][] pairs =
                Arrays.stream(dated.split("; ", -1))
                        .filter(field -> !field.isEmpty())
                        .flatMap(field -> Arrays.stream(field.split(": ?", 2)))
                        .map(Ascii::bytes)
                        .toArray(byte[][]::new);
        return new Preconditions(new RequestFields(Headers.of(pairs)), tag, CHANGED);
    }
}
