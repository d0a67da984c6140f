package io.spvn.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spvn.server.process.OpenFiles;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConnectionLimitTest {
    @ParameterizedTest
    @CsvSource({
        // asked, room in the heap, open files at most, connections
        "   7,       100,       1024,       7",
        "9999,       100,       1024,    9999",
        "   0,     10000,       1024,     512",
        "   0,       100,       1024,     100",
        "   0,     10000,        520,      64",
        "   0,     10000,         20,      64",
        "   0,   5000000,    9999999, 1000000",
        "   0,   5000000, 9223372036854775807, 1000000",
        "   0,     10000,           ,    4096",
        "   0,       300,           ,     300"
    })
    void whatIsAskedFor_elseWhatHeapAndDescriptorsAllow(
            int asked, long room, @Nullable Long files, int expected) {
        Optional<OpenFiles> open = Optional.ofNullable(files).map(most -> new OpenFiles(5, most));
        assertEquals(expected, ConnectionLimit.of(asked, room, open));
    }
}
