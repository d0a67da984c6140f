package io.spvn.bridge.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarshalReaderTest {
    private static final int ROUNDS = 50_000;

    private interface Read {
        Object from(MarshalReader in) throws Garbled;
    }

    private static final List<Read> ALL =
            List.of(
                    MarshalReader::integer,
                    MarshalReader::truth,
                    MarshalReader::real,
                    MarshalReader::bytes,
                    MarshalReader::text,
                    MarshalReader::textOrNone,
                    MarshalReader::list,
                    MarshalReader::message,
                    in -> {
                        in.pair();
                        return "pair";
                    });

    private static MarshalReader over(byte[] bytes) {
        MarshalReader in = new MarshalReader();
        in.begin(bytes, bytes.length);
        return in;
    }

    private static byte[] counted(char tag, int count) {
        return ByteBuffer.allocate(9)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) tag)
                .putInt(count)
                .array();
    }

    /// An array of such a length could not be made.
    @ParameterizedTest
    @ValueSource(ints = {5, 1 << 20, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
    void aLengthBeyondWhatIsThere_isRefusedBeforeAnythingIsMade(int count) {
        assertThrows(Garbled.class, () -> over(counted('s', count)).bytes());
        assertThrows(Garbled.class, () -> over(counted('u', count)).text());
        assertThrows(Garbled.class, () -> over(counted('t', count)).textOrNone());
        assertThrows(Garbled.class, () -> over(counted('[', count)).list());
        assertThrows(Garbled.class, () -> over(counted('[', count)).message());
        assertThrows(Garbled.class, () -> over(counted('(', count)).pair());
    }

    @Test
    void whatIsThere_isRead() throws Garbled {
        assertEquals(4, over(counted('[', 4)).list());
        assertEquals("\0\0\0\0", over(counted('u', 4)).text());
        assertEquals(4, over(counted('s', 4)).bytes().length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9})
    void aMessage_hasSomeItems(int count) {
        byte[] message = Arrays.copyOf(counted('[', count), 100);
        assertThrows(Garbled.class, () -> over(message).message());
    }

    @Test
    void whatIsBehindABatch_isNotUnderstood() throws Garbled {
        MarshalReader in = over(new byte[] {'T', 'T'});
        assertEquals(true, in.truth());
        assertThrows(Garbled.class, in::end);
    }

    @Test
    void onlyTheLengthThatWasGiven_isRead() throws Garbled {
        MarshalReader in = new MarshalReader();
        in.begin(new byte[] {'T', 'T'}, 1);
        assertEquals(true, in.truth());
        in.end();
        assertThrows(Garbled.class, in::truth);
    }

    @Test
    void eachTypeIsTakenForItself() {
        byte[] tag = new byte[200];
        for (int type = 0; type < 256; type++) {
            tag[0] = (byte) type;
            int understood = 0;
            for (Read each : ALL) {
                understood += understands(each, tag) ? 1 : 0;
            }
            int expected =
                    switch (type) {
                        case 'i', 'u', 't' -> 2; // as an int and a real, as a text and one or none
                        case 'T', 'F', 'g', 's', 'N', '[' -> 1;
                        default -> 0;
                    };
            assertEquals(expected, understood, "type " + type);
        }
    }

    private static boolean understands(Read each, byte[] bytes) {
        try {
            Object _ = each.from(over(bytes));
            return true;
        } catch (Garbled refused) {
            return false;
        }
    }

    @Test
    void noise_isReadOrNotUnderstood() {
        Random random = new Random(7);
        byte[] tags = {'(', '[', 'i', 'T', 'F', 'g', 's', 'u', 't', 'N', 0, 0, 0, 1, -1};
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            for (int i = 0; i < bytes.length; i++) {
                boolean any = random.nextInt(4) == 0;
                bytes[i] = any ? (byte) random.nextInt() : tags[random.nextInt(tags.length)];
            }
            MarshalReader in = over(bytes);
            Read next = ALL.get(random.nextInt(ALL.size()));
            for (int i = 0; i < 40 && reads(next, in); i++) {
                next = ALL.get(random.nextInt(ALL.size()));
            }
        }
    }

    private static boolean reads(Read each, MarshalReader in) {
        try {
            Object _ = each.from(in);
            return true;
        } catch (Garbled refused) {
            return false;
        }
    }
}
