package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spvn.bridge.worker.AppFault;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonLogFormatTest {
    private static final JsonLogFormat FORMAT = new JsonLogFormat(ZoneOffset.UTC, false);

    @ParameterizedTest
    @CsvSource({"SEVERE, ERROR", "WARNING, WARNING", "INFO, INFO", "FINE, DEBUG", "FINER, TRACE"})
    void level(String level, String shown) {
        assertEquals(
                "{\"time\":\"2026-11-23T04:40:04.123Z\",\"level\":\"%s\",\"logger\":\"spvn\","
                                .formatted(shown)
                        + "\"message\":\"hello\"}\n",
                FORMAT.format(record(Level.parse(level), "hello")));
    }

    @Test
    void time_hasTheOffsetOfItsZone() {
        String line =
                new JsonLogFormat(ZoneId.of("Asia/Kolkata"), false)
                        .format(record(Level.INFO, "hello"));
        assertEquals("{\"time\":\"2026-11-23T10:10:04.123+05:30\"", line.split(",", -1)[0]);
    }

    @Test
    void message_isOneLineWhateverItHolds() {
        assertEquals(
                "{\"time\":\"2026-11-23T04:40:04.123Z\",\"level\":\"INFO\",\"logger\":\"spvn\","
                        + "\"message\":\"a\\n\\\"b\\\\ü\\u001b[31m\\u2028\\ud800\"}\n",
                FORMAT.format(record(Level.INFO, "a\n\"b\\ü\u001b[31m\u2028\ud800")));
    }

    @Test
    void exception_isAFieldOfItsOwn() {
        LogRecord record = record(Level.SEVERE, "cannot start");
        record.setThrown(AppFault.of("Traceback:\n  oops\n"));
        assertEquals(
                "{\"time\":\"2026-11-23T04:40:04.123Z\",\"level\":\"ERROR\",\"logger\":\"spvn\","
                        + "\"message\":\"cannot start\",\"exception\":\"Traceback:\\n  oops\"}\n",
                FORMAT.format(record));
    }

    private static LogRecord record(Level level, String message) {
        LogRecord record = new LogRecord(level, message);
        record.setLoggerName("io.spvn.server.StopSignals");
        record.setInstant(Instant.parse("2026-11-23T04:40:04.123456Z"));
        return record;
    }
}
