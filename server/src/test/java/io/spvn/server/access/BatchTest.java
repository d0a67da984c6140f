package io.spvn.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BatchTest {
    private final Batch batch = new Batch();

    /// A disk with so much room.
    private static final class Disk implements WritableByteChannel {
        private final StringBuilder written = new StringBuilder();
        private int room;
        private int step = Integer.MAX_VALUE;

        Disk(int room) {
            this.room = room;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            if (room == 0) {
                throw new IOException("No space left on device");
            }
            int count = Math.min(Math.min(room, step), bytes.remaining());
            for (int i = 0; i < count; i++) {
                written.append((char) bytes.get());
            }
            room -= count;
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private void add(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.US_ASCII);
        assertTrue(batch.add(bytes, bytes.length));
    }

    @Test
    void lines_areWrittenInPieces() {
        Disk disk = new Disk(100);
        disk.step = 3;
        add("one");
        add("two");
        assertEquals(2, batch.lines());
        assertEquals(0, batch.write(disk));
        assertEquals("one\ntwo\n", disk.written.toString());
        assertTrue(batch.isEmpty());
        assertEquals(0, batch.lines());
    }

    @Test
    void fullDisk_losesWholeLines() {
        Disk disk = new Disk(0);
        add("one");
        add("two");
        assertEquals(2, batch.write(disk));
        assertTrue(batch.isEmpty());
        disk.room = 100;
        add("three");
        assertEquals(0, batch.write(disk));
        assertEquals("three\n", disk.written.toString());
    }

    @Test
    void diskThatIsFullInTheMiddleOfALine_getsItsRestFirst() {
        Disk disk = new Disk(6);
        add("one");
        add("two");
        add("three");
        assertEquals(1, batch.write(disk));
        assertEquals("one\ntw", disk.written.toString());
        assertFalse(batch.isEmpty());
        add("four");
        assertEquals(1, batch.write(disk));
        disk.room = 1;
        add("five");
        assertEquals(1, batch.write(disk));
        disk.room = 100;
        add("six");
        assertEquals(0, batch.write(disk));
        assertEquals("one\ntwo\nsix\n", disk.written.toString());
    }

    @Test
    void restOfALine_hasNoPlaceInAnotherFile() {
        add("one");
        assertEquals(0, batch.write(new Disk(2)));
        Disk next = new Disk(100);
        assertEquals(1, batch.turn());
        assertEquals(0, batch.turn());
        add("two");
        assertEquals(0, batch.write(next));
        assertEquals("two\n", next.written.toString());
    }

    @Test
    void lineOfAnyLength_fitsWhenThereIsNoOther() {
        Disk disk = new Disk(Integer.MAX_VALUE);
        add("one");
        byte[] large = ("x".repeat(3 * Batch.SIZE) + "\n").getBytes(StandardCharsets.US_ASCII);
        assertFalse(batch.add(large, large.length));
        assertEquals(0, batch.write(disk));
        assertTrue(batch.add(large, large.length));
        assertEquals(0, batch.write(disk));
        assertEquals(4 + large.length, disk.written.length());
    }
}
