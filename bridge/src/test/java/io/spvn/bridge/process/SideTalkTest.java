package io.spvn.bridge.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.worker.Pulse;
import io.spvn.bridge.worker.VitalSigns;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SideTalkTest {
    private final SocketPair pair = SocketPair.open();
    private final SocketChannel child = pair.child();
    private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();
    private final VitalSigns signs =
            new VitalSigns(3, new Pulse(), () -> {}, Duration.ofMillis(1), List::of, reports::add);

    SideTalkTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        pair.close();
    }

    private void answers(byte[] stack) throws IOException {
        ByteBuffer answer =
                ByteBuffer.allocate(Integer.BYTES + Long.BYTES + stack.length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        answer.putInt(stack.length).putLong(-1).put(stack).flip();
        while (answer.hasRemaining()) {
            assertTrue(child.write(answer) > 0);
        }
    }

    /// Lets the clock look until the child is asked; it answers nothing to signs of life.
    private void awaitQuestion() throws IOException {
        child.configureBlocking(false);
        ByteBuffer question = ByteBuffer.allocate(8);
        while (child.read(question) == 0) {
            signs.tick();
            Thread.onSpinWait();
        }
        child.configureBlocking(true);
        assertEquals(1, question.position(), "one byte asks");
    }

    @Test
    void aChildWhoseLoopStaysAway_isAskedForItsStack() throws Exception {
        SideTalk.begin(pair.server(), signs);
        awaitQuestion();
        answers("File \"caf\u00e9.py\", line 3\n".getBytes(UTF_8));
        String report = "";
        while (!report.contains("caf\u00e9.py")) {
            signs.tick();
            report = String.valueOf(reports.poll(1, TimeUnit.MILLISECONDS));
        }
    }

    @Test
    void withoutAConnection_nobodyIsAsked() {
        SideTalk.begin(null, signs);
        signs.tick();
        assertTrue(reports.isEmpty());
    }
}
