package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.worker.FakeWorkers.Fake;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CensusTest extends PoolFixture {
    private List<Integer> places(WorkerPool pool, int count) {
        return pool.census().oldest(count).stream().map(InHand::worker).toList();
    }

    @Test
    void oldest_areThoseInHandAndThoseThatWait() throws InterruptedException {
        WorkerPool pool = supervised(2);
        Fake second = workers.made.get(1);
        second.asleep.set(false);
        workers.made.get(0).asleep.set(false);
        HttpExchange waiting = Requests.request();
        pool.submit(waiting);
        HttpExchange taken = Requests.request();
        second.inHand.add(taken);
        assertEquals(List.of(1, InHand.QUEUE), places(pool, 10));
        assertEquals(1, places(pool, 1).size());
        taken.broken();
        assertEquals(List.of(InHand.QUEUE), places(pool, 10), "it is over");
        pool.stop(SOON);
    }

    @Test
    void workers_tellHowOftenTheyWereReplaced() throws InterruptedException {
        WorkerPool pool = supervised(2);
        assertEquals(true, pool.replace(1, Duration.ofSeconds(5)));
        assertEquals(
                List.of(0L, 1L),
                pool.census().workers().stream().map(WorkerDetail::restarts).toList());
        assertEquals(32, pool.census().queueCapacity());
        pool.stop(SOON);
    }
}
