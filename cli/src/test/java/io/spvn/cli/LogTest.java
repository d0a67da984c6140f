package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.server.process.PromptThread;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LogTest {
    private static final LogFormat FORMAT = new LogFormat(ZoneOffset.UTC, false);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String LOST =
            "WARN  log records lost because standard error was not read or not writable: ";

    @ParameterizedTest
    @CsvSource({
        "SEVERE,  ERROR",
        "WARNING, WARN ",
        "INFO,    INFO ",
        "CONFIG,  INFO ",
        "FINE,    DEBUG",
        "FINER,   TRACE",
        "FINEST,  TRACE"
    })
    void format(String level, String shown) {
        assertEquals(
                "2026-11-23 04:40:04.123 %-5s hello 1\n".formatted(shown),
                FORMAT.format(record(level, "hello {0}", 1)));
    }

    @Test
    void format_keepsTheLinesOfATraceback() {
        String text = FORMAT.format(record("SEVERE", "one\n  two\n"));
        assertEquals("2026-11-23 04:40:04.123 ERROR one\n  two\n", text);
    }

    @Test
    void format_namesTheException() {
        LogRecord record = record("WARNING", "oops");
        record.setThrown(new IllegalStateException("why"));
        assertEquals(
                "2026-11-23 04:40:04.123 WARN  oops: java.lang.IllegalStateException: why\n",
                FORMAT.format(record));
    }

    @Test
    void format_showsTheStackTraceOfAnInternalErrorWhenAsked() {
        LogRecord record = record("SEVERE", "oops");
        record.setThrown(new IllegalStateException("why"));
        String text = new LogFormat(ZoneOffset.UTC, true).format(record);
        assertTrue(text.contains("oops\njava.lang.IllegalStateException: why\n\tat "), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WARNING", "INFO", "FINE", "FINER"})
    void format_namesAnOrdinaryErrorInTheLine(String level) {
        LogRecord record = record(level, "oops");
        record.setThrown(new IllegalStateException("why"));
        String text = new LogFormat(ZoneOffset.UTC, true).format(record);
        assertTrue(text.endsWith(" oops: java.lang.IllegalStateException: why\n"), text);
    }

    @ParameterizedTest
    @CsvSource({
        "'a\u001b[31m\u009b1m', a\\x1b[31m\\x9b1m",
        "'a\u0085\u0008\u007f\u2028b', a\\x85\\x08\\x7f\\u2028b",
        "'a\tb\n  c gr\u00fc\u00dfe', 'a\tb\n  c gr\u00fc\u00dfe'"
    })
    void format_escapesControlCharacters(String message, String shown) {
        LogRecord record = record("INFO", message);
        record.setThrown(new IllegalStateException("\u009b"));
        assertEquals(
                "2026-11-23 04:40:04.123 INFO  "
                        + shown
                        + ": java.lang.IllegalStateException: \\x9b\n",
                FORMAT.format(record));
    }

    private static LogRecord record(String level, String message, Object... parameters) {
        LogRecord record = new LogRecord(Level.parse(level), message);
        record.setInstant(Instant.parse("2026-11-23T04:40:04.123456Z"));
        record.setParameters(parameters);
        return record;
    }

    @Test
    void handler_writesEachRecordAtOnce() {
        Writes writes = new Writes();
        LogHandler handler = new LogHandler(FORMAT, writes, LONG);
        handler.publish(record("INFO", "grüße"));
        handler.publish(record("INFO", "two\nlines"));
        assertEquals(
                List.of(
                        "2026-11-23 04:40:04.123 INFO  grüße\n",
                        "2026-11-23 04:40:04.123 INFO  two\nlines\n"),
                writes.seen);
    }

    @Test
    void handler_waitsForNobodyWhileNobodyReads() throws InterruptedException {
        Writes writes = new Writes();
        LogHandler handler = new LogHandler(FORMAT, writes, Duration.ofMillis(1));
        writes.reader.acquire();
        assertTimeoutPreemptively(LONG, () -> publish(handler, 1_000));
        assertEquals(List.of(), writes.seen);
        writes.reader.release();
        handler.flush();
        assertEquals(1_000, writes.seen.size());
        assertTrue(writes.seen.getLast().endsWith(" number 999\n"), writes.seen.getLast());
    }

    @Test
    void handler_keepsNoThreadWaitingThatOthersDependOn() throws InterruptedException {
        Writes writes = new Writes();
        LogHandler handler = new LogHandler(FORMAT, writes, Duration.ofDays(1));
        writes.reader.acquire();
        Thread prompt = new PromptThread("prompt", () -> publish(handler, 3));
        prompt.start();
        assertTrue(prompt.join(LONG));
        writes.reader.release();
        handler.flush();
        assertEquals(3, writes.seen.size());
    }

    @Test
    void handler_countsWhatFindsNoRoom() throws InterruptedException {
        Writes writes = new Writes();
        LogHandler handler = new LogHandler(FORMAT, writes, Duration.ofMillis(1));
        writes.reader.acquire();
        String large = "x".repeat(100_000);
        for (int i = 0; i < 25; i++) {
            handler.publish(record("INFO", large));
        }
        writes.reader.release();
        handler.flush();
        assertEquals(10, writes.seen.size()); // of a megabyte
        handler.publish(record("INFO", "readable again"));
        handler.flush();
        assertTrue(writes.seen.get(10).endsWith(LOST + "15\n"), writes.seen.get(10));
        assertTrue(writes.seen.get(11).endsWith("readable again\n"), writes.seen.get(11));
    }

    @Test
    void handler_takesARecordOfAnySizeWhenNoneWaits() {
        Writes writes = new Writes();
        LogHandler handler = new LogHandler(FORMAT, writes, LONG);
        handler.publish(record("INFO", "x".repeat(2_000_000)));
        handler.flush();
        assertEquals(1, writes.seen.size());
    }

    @Test
    void handler_outlivesAFullDisk() {
        Writes writes = new Writes();
        LogHandler handler = new LogHandler(FORMAT, writes, LONG);
        writes.full = true;
        publish(handler, 3);
        writes.full = false;
        publish(handler, 1);
        assertEquals(2, writes.seen.size());
        assertTrue(writes.seen.getFirst().endsWith(LOST + "3\n"), writes.seen.getFirst());
        assertTrue(writes.seen.getLast().endsWith(" number 0\n"), writes.seen.getLast());
    }

    @Test
    void handler_keepsTheInterruptOfWhoLogs() {
        LogHandler handler = new LogHandler(FORMAT, new Writes(), LONG);
        Thread.currentThread().interrupt();
        handler.publish(record("INFO", "last words"));
        assertTrue(Thread.interrupted());
    }

    private static void publish(LogHandler handler, int count) {
        for (int i = 0; i < count; i++) {
            handler.publish(record("INFO", "number " + i));
        }
    }

    /// A stream that notes what is written, while its reader is free and its disk is not full.
    private static final class Writes extends OutputStream {
        private final List<String> seen = new CopyOnWriteArrayList<>();
        private final Semaphore reader = new Semaphore(1);
        private volatile boolean full;

        @Override
        public void write(int b) {
            throw new AssertionError("one byte at a time");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (full) {
                throw new IOException("No space left on device");
            }
            reader.acquireUninterruptibly();
            seen.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
            reader.release();
        }
    }

    @Test
    void filter_silencesHelidonBelowWarnings() {
        Filter filter = Logging.withoutInternals();
        String listener = "io.helidon.webserver.ServerListener";
        assertFalse(filter.isLoggable(of(listener, Level.INFO)));
        assertTrue(filter.isLoggable(of(listener, Level.WARNING)));
        assertFalse(filter.isLoggable(of("io.helidon.webserver.LoomServer", Level.SEVERE)));
        assertTrue(filter.isLoggable(of("io.spvn.server", Level.FINE)));
    }

    private static LogRecord of(String logger, Level level) {
        LogRecord record = new LogRecord(level, "");
        record.setLoggerName(logger);
        return record;
    }

    @Test
    void level_thresholds() {
        assertEquals(Level.SEVERE, LogLevel.ERROR.threshold());
        assertEquals(Level.WARNING, LogLevel.WARNING.threshold());
        assertEquals(Level.INFO, LogLevel.INFO.threshold());
        assertEquals(Level.FINE, LogLevel.DEBUG.threshold());
        assertEquals(Level.ALL, LogLevel.TRACE.threshold());
    }
}
