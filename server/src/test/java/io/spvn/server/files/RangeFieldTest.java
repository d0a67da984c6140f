package io.spvn.server.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spvn.server.files.RangeField.Range;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangeFieldTest {
    /// Of a file of 100 bytes.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-0 | 0-0",
                "bytes=0-99 | 0-99",
                "bytes=99- | 99-99",
                "bytes=0-1000 | 0-99",
                "bytes=-1 | 99-99",
                "bytes=-100 | 0-99",
                "bytes=-101 | 0-99",
                "bytes=000-0001 | 0-1",
                "BYTES=0-1 | 0-1",
                "bytes=0-99999999999999999999999999 | 0-99",
                "bytes= 0-1 ,, 4-5, | 0-1 4-5",
                "bytes=4-5,0-1 | 4-5 0-1",
                "bytes=0-5,3-9 | 0-9",
                "bytes=10-20,0-9 | 0-20",
                "bytes=50-60,0-99 | 0-99",
                "bytes=0-1,100- | 0-1",
                "bytes=-0,0-1 | 0-1",
                "bytes=100- | ''",
                "bytes=99999999999999999999- | ''",
                "bytes=-0 | ''",
            })
    void ranges(String field, String expected) {
        List<Range> ranges = RangeField.parse(field, 100);
        assertNotNull(ranges);
        assertEquals(
                expected,
                ranges.stream()
                        .map(range -> range.first() + "-" + range.last())
                        .collect(Collectors.joining(" ")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=,",
                "bytes=-",
                "bytes=1",
                "bytes=2-1",
                "bytes=a-b",
                "bytes=0-1,x",
                "bytes=--1",
                "bytes=1-2-3",
                "bytes=+1-2",
                "lines=0-1",
                "xbytes=0-1"
            })
    void whatIsNone_isIgnored(String field) {
        assertNull(RangeField.parse(field, 100));
    }

    @Test
    void sixteenRanges_areAllowed_andNoMore() {
        assertEquals(16, String.valueOf(RangeField.parse(many(16), 100)).split("Range").length - 1);
        assertNull(RangeField.parse(many(17), 100));
    }

    private static String many(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> 3 * i + "-" + 3 * i)
                .collect(Collectors.joining(",", "bytes=", ""));
    }

    @Test
    void anyRangeOfNothing_isAllOfIt() {
        assertNull(RangeField.parse("bytes=0-", 0));
        assertNull(RangeField.parse("bytes=-5", 0));
    }
}
