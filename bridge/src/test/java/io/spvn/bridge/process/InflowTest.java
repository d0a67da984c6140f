package io.spvn.bridge.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InflowTest {
    private static final int ALL = Integer.MAX_VALUE;
    private static final byte[] SMALL = {1, 2, 3, 4, 5};

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        return bytes;
    }

    private static byte[] head(int value) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
    }

    private static Inflow of(byte[] bytes, int mostAtOnce) {
        return new Inflow(new ArrivingBytes(bytes, mostAtOnce));
    }

    private static void assertNext(int number, byte[] bytes, Inflow inflow) throws Exception {
        Inflow.Frame frame = inflow.next();
        assertNotNull(frame);
        assertEquals(number, frame.number());
        assertArrayEquals(bytes, frame.bytes());
    }

    @Test
    void framesMayComeInAnyParts() throws Exception {
        byte[] all =
                joined(
                        Said.framed(SMALL),
                        Said.piece(7, SMALL),
                        Said.framed(new byte[0]),
                        Said.piece(Integer.MAX_VALUE, new byte[] {9}));
        for (int most = 1; most <= all.length; most++) {
            Inflow inflow = of(all, most);
            assertNext(-1, SMALL, inflow);
            assertNext(7, SMALL, inflow);
            assertNext(-1, new byte[0], inflow);
            assertNext(Integer.MAX_VALUE, new byte[] {9}, inflow);
            assertNull(inflow.next());
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                128 * 1024 - 4,
                128 * 1024 - 3,
                128 * 1024,
                128 * 1024 + 1,
                300_000,
                Inflow.LARGEST
            })
    void aFrameMayBeLargerThanTheBuffer(int length) throws Exception {
        byte[] large = pattern(length);
        byte[] all =
                joined(
                        Said.framed(SMALL),
                        Said.framed(large),
                        Said.piece(3, large),
                        Said.framed(SMALL));
        for (int most : new int[] {ALL, 100_003, 65_536}) {
            Inflow inflow = of(all, most);
            assertNext(-1, SMALL, inflow);
            assertNext(-1, large, inflow);
            assertNext(3, large, inflow);
            assertNext(-1, SMALL, inflow);
            assertNull(inflow.next());
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                Inflow.LARGEST + 1,
                Integer.MAX_VALUE,
                -1,
                Integer.MIN_VALUE + Inflow.LARGEST + 1
            })
    void aFrameThatIsTooLarge_isNotUnderstood(int head) {
        assertThrows(Garbled.class, () -> of(joined(head(head), head(1)), ALL).next());
    }

    @Test
    void anEndInTheMiddle_isABrokenConnection() throws Exception {
        for (byte[] frame : new byte[][] {Said.framed(SMALL), Said.piece(7, SMALL)}) {
            for (int length = 1; length < frame.length; length++) {
                byte[] cut = Arrays.copyOf(frame, length);
                assertThrows(IOException.class, () -> of(cut, ALL).next(), "after " + length);
            }
        }
        assertNull(of(new byte[0], ALL).next());
        byte[] cut = Arrays.copyOf(Said.framed(pattern(1_000_000)), 500_000);
        assertThrows(IOException.class, () -> of(cut, ALL).next());
    }

    @Test
    void hasNext_tellsWhetherNextWouldWait() throws Exception {
        Inflow together = of(joined(Said.framed(SMALL), Said.piece(1, SMALL)), ALL);
        assertFalse(together.hasNext());
        assertNotNull(together.next());
        assertTrue(together.hasNext());
        assertNotNull(together.next());
        assertFalse(together.hasNext());
        byte[] all = joined(Said.framed(SMALL), Said.piece(1, SMALL));
        for (int there = Said.framed(SMALL).length; there < all.length; there++) {
            Inflow partly = of(all, there);
            assertNotNull(partly.next());
            assertFalse(partly.hasNext(), "with " + there);
        }
    }
}
