package io.spvn.loadtest.compare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GeoDocumentTest {
    @Test
    void generated_isJsonOfTheRightSize_theSameEachTime() throws IOException {
        byte[] document = GeoDocument.generated();
        assertTrue(Math.abs(document.length - 2_200_000) < 100_000, () -> "" + document.length);
        assertEquals("FeatureCollection", JSON.std.mapFrom(document).get("type"));
        assertArrayEquals(document, GeoDocument.bytes(null));
    }

    @Test
    void file_isReadAsItIs(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("some.json"), "{\"a\": 1}");
        assertEquals("{\"a\": 1}", new String(GeoDocument.bytes(file), UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "{", "text"})
    void fileThatIsNoJsonObject_isAFailureThatNamesIt(String text, @TempDir Path directory)
            throws IOException {
        Path file = Files.writeString(directory.resolve("some.json"), text);
        String message =
                assertThrows(ComparisonFailure.class, () -> GeoDocument.bytes(file)).getMessage();
        assertEquals(file + ": not a JSON object", message);
    }

    @Test
    void missingFile_isAFailureThatNamesIt(@TempDir Path directory) {
        Path missing = directory.resolve("none.json");
        String message =
                assertThrows(ComparisonFailure.class, () -> GeoDocument.bytes(missing))
                        .getMessage();
        assertEquals(missing + ": this document cannot be read", message);
    }
}
