package io.spvn.server.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spvn.bridge.asgi.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WireBufferTest {
    private final List<String> writes = new ArrayList<>();
    private final WireBuffer buffer = new WireBuffer(32);

    WireBufferTest() {
        buffer.attach(this::write);
    }

    private void write(byte[] bytes, int length) {
        writes.add(new String(bytes, 0, length, ISO_8859_1));
    }

    @Test
    void whatFits_isOneWrite() {
        buffer.put(Octets.of("abc"));
        buffer.put(Octets.of("-def-"), 1, 3);
        buffer.put(Payload.of(Octets.of("ghi")));
        buffer.putDecimal(42);
        assertEquals(List.of(), writes);
        buffer.flush();
        assertEquals(List.of("abcdefghi42"), writes);
    }

    @Test
    void whatDoesNotFit_goesInPiecesOfTheBuffer() {
        String text = "0123456789".repeat(10);
        buffer.put(Octets.of("abc"));
        buffer.put(Payload.of(Octets.of(text)));
        buffer.put(Octets.of(text));
        buffer.flush();
        assertEquals("abc" + text + text, String.join("", writes));
        assertEquals(7, writes.size());
        assertEquals(
                List.of(32, 32, 32, 32, 32, 32, 11), writes.stream().map(String::length).toList());
    }

    @Test
    void partOfAPayload_isItsBeginning() {
        buffer.put(Payload.of(Octets.of("abcdef")), 2);
        buffer.flush();
        assertEquals(List.of("ab"), writes);
    }

    @Test
    void exactlyFull_isWrittenOnce() {
        buffer.put(new byte[32]);
        buffer.flush();
        assertEquals(1, writes.size());
    }

    @Test
    void nothing_isNotWritten() {
        buffer.flush();
        buffer.put(new byte[0]);
        buffer.put(Payload.EMPTY);
        buffer.flush();
        assertEquals(List.of(), writes);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 99, 100, 1_234_567_890_123L, Long.MAX_VALUE})
    void decimal_isAsTheJdkWritesIt(long number) {
        buffer.put(new byte[20]);
        buffer.flush();
        writes.clear();
        buffer.putDecimal(number);
        buffer.flush();
        assertEquals(List.of(Long.toString(number)), writes);
    }

    @ParameterizedTest
    @ValueSource(
            longs = {0, 1, 15, 16, 255, 256, 4095, 4096, 0x0ABC_DEF0, 1L << 31, Long.MAX_VALUE})
    void hex_isAsTheJdkWritesIt(long number) {
        buffer.putHex(number);
        buffer.flush();
        assertEquals(List.of(Long.toHexString(number)), writes);
    }

    @Test
    void number_isNotTornByAFullBuffer() {
        buffer.put(new byte[31]);
        buffer.putHex(0xABCDEF);
        buffer.put(new byte[25]);
        buffer.putDecimal(1234567);
        buffer.flush();
        assertEquals("abcdef", writes.get(1).substring(0, 6));
        assertEquals("1234567", writes.get(2));
    }

    @Test
    void detach_forgetsWhatWasNotFlushed() {
        buffer.put(Octets.of("abc"));
        buffer.detach();
        buffer.attach(this::write);
        buffer.flush();
        assertEquals(List.of(), writes);
    }

    @Test
    void failedWrite_leavesNothingBehind() {
        buffer.detach();
        buffer.attach(
                (_, _) -> {
                    throw new UncheckedIOException(new IOException("reset"));
                });
        buffer.put(Octets.of("abc"));
        assertThrows(UncheckedIOException.class, buffer::flush);
        buffer.detach();
        buffer.attach(this::write);
        buffer.flush();
        assertEquals(List.of(), writes);
    }

    @Test
    void secondAttach_isRefused() {
        assertThrows(IllegalStateException.class, () -> buffer.attach(this::write));
    }

    @Test
    void flushWithoutSink_isRefused() {
        buffer.detach();
        buffer.put(Octets.of("abc"));
        assertThrows(IllegalStateException.class, buffer::flush);
    }

    @Test
    void capacityBelowANumber_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> new WireBuffer(19));
    }
}
