package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class HangLogTest {
    private final List<String> written = new CopyOnWriteArrayList<>();
    private final CountDownLatch go = new CountDownLatch(1);
    private final HangLog log = new HangLog(this::writeSlowly);

    private void writeSlowly(String report) {
        try {
            assertTrue(go.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        written.add(report);
    }

    @Test
    void accept_slowLog_holdsNobodyAndKeepsTheOrder() throws InterruptedException {
        List<String> reports = IntStream.range(0, 100).mapToObj(i -> "report " + i).toList();
        reports.forEach(log);
        assertEquals(List.of(), written);
        go.countDown();
        log.close();
        assertEquals(reports, written);
    }

    @Test
    void accept_beyondTheCapacity_isDropped() throws InterruptedException {
        IntStream.range(0, 1_000).forEach(i -> log.accept("report " + i));
        go.countDown();
        log.close();
        assertTrue(written.size() >= 256 && written.size() < 300, written.size() + " were kept");
        assertEquals("report 0", written.getFirst());
    }

    @Test
    void accept_afterTheEnd_isDropped() throws InterruptedException {
        go.countDown();
        log.close();
        log.accept("too late");
        assertEquals(List.of(), written);
    }
}
