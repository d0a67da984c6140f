package io.spvn.server.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spvn.server.http.ContentCoding;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntityTagTest {
    private static final Instant CHANGED = Instant.ofEpochSecond(1, 5);

    /// Two that were copied with their times, as to two servers, have one tag.
    @Test
    void tag_isOfTimeSizeAndCoding() {
        Instant later = CHANGED.plusSeconds(10);
        assertEquals("\"3b9aca05-64\"", EntityTag.of(facts("one"), null, later).text());
        assertEquals("\"3b9aca05-64\"", EntityTag.of(facts("two"), null, later).text());
        assertEquals(
                "\"3b9aca05-64-gzip\"",
                EntityTag.of(facts("one"), ContentCoding.GZIP, later).text());
    }

    @ParameterizedTest
    @CsvSource({"-1000, false", "0, false", "999, false", "1000, true", "100000, true"})
    void tag_isStrong_whenTheFileHasRested(long milliseconds, boolean strong) {
        Instant now = CHANGED.plus(Duration.ofMillis(milliseconds));
        assertEquals(strong, EntityTag.of(facts("one"), null, now).isStrong());
    }

    private static FileFacts facts(String key) {
        return new FileFacts(100, FileTime.from(CHANGED), key);
    }
}
