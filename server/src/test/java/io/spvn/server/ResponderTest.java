package io.spvn.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.asgi.Scope;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.Ledger;
import io.spvn.bridge.exchange.Transport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ResponderTest {
    private final Responder responder = new Responder();

    @AfterEach
    void close() {
        responder.close();
    }

    @Test
    void flush_drainsAllThatIsReady() throws InterruptedException {
        CountDownLatch drained = new CountDownLatch(100);
        for (int i = 0; i < 100; i++) {
            responder.ready(exchange(exchange -> drained.countDown()));
        }
        responder.flush();
        assertTrue(drained.await(5, TimeUnit.SECONDS));
    }

    @Test
    void flush_whileAClientDoesNotRead_othersAreServed() throws InterruptedException {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch served = new CountDownLatch(1);
        holdUp(reading);
        responder.ready(exchange(exchange -> served.countDown()));
        while (!served.await(1, TimeUnit.MILLISECONDS)) {
            responder.tick();
        }
        assertEquals(1, reading.getCount());
        reading.countDown();
    }

    @Test
    void drain_thatThrows_doesNotEndTheResponder() throws InterruptedException {
        AtomicInteger tries = new AtomicInteger();
        CountDownLatch served = new CountDownLatch(1);
        responder.ready(
                exchange(
                        exchange -> {
                            tries.incrementAndGet();
                            throw new IllegalStateException("made to fail");
                        }));
        responder.ready(exchange(exchange -> served.countDown()));
        responder.flush();
        assertTrue(served.await(5, TimeUnit.SECONDS));
        assertEquals(1, tries.get());
    }

    @Test
    void close_writesWhatIsReady_thoughAClientDoesNotRead() throws InterruptedException {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch served = new CountDownLatch(50);
        holdUp(reading);
        for (int i = 0; i < 50; i++) {
            responder.ready(exchange(exchange -> served.countDown()));
        }
        responder.close();
        assertTrue(served.await(5, TimeUnit.SECONDS));
        assertEquals(1, reading.getCount());
        reading.countDown();
    }

    @Test
    void close_endsItsThread() throws InterruptedException {
        CompletableFuture<Thread> writer = new CompletableFuture<>();
        responder.ready(exchange(exchange -> writer.complete(Thread.currentThread())));
        responder.flush();
        Thread thread = writer.join();
        responder.close();
        assertTrue(thread.join(Duration.ofSeconds(5)));
    }

    @Test
    void flush_afterTheClose_writesAllTheSame() throws InterruptedException {
        CountDownLatch served = new CountDownLatch(1);
        responder.close();
        responder.ready(exchange(exchange -> served.countDown()));
        responder.flush();
        assertTrue(served.await(5, TimeUnit.SECONDS));
    }

    @Test
    void flush_ofFew_writesHere_whatClientsTakeAtOnce() throws InterruptedException {
        awaitIdle();
        Client ready = new Client(true);
        Client slow = new Client(false);
        responder.ready(exchange(ready));
        responder.ready(exchange(slow));
        responder.flush();
        assertEquals(Thread.currentThread(), ready.writer.join());
        assertTrue(slow.writer.join().isVirtual());
    }

    @Test
    void flush_ofMany_leavesThemToItsThread() throws InterruptedException {
        awaitIdle();
        List<Client> clients = Stream.generate(() -> new Client(true)).limit(20).toList();
        clients.forEach(client -> responder.ready(exchange(client)));
        responder.flush();
        clients.forEach(client -> assertTrue(client.writer.join().isVirtual()));
    }

    @Test
    void flush_ofFew_whoseWriteThrows_writesTheOthers() throws InterruptedException {
        awaitIdle();
        Client ready = new Client(true);
        responder.ready(exchange(new Failing()));
        responder.ready(exchange(ready));
        responder.flush();
        assertEquals(Thread.currentThread(), ready.writer.join());
    }

    /// Its thread waits for work: what is written here says so.
    private void awaitIdle() throws InterruptedException {
        Thread writer = null;
        while (writer != Thread.currentThread()) {
            Client client = new Client(true);
            responder.ready(exchange(client));
            responder.flush();
            writer = client.writer.join();
        }
    }

    private record Client(boolean takesAtOnce, CompletableFuture<Thread> writer)
            implements Transport {
        Client(boolean takesAtOnce) {
            this(takesAtOnce, new CompletableFuture<>());
        }

        @Override
        public void write(Exchange exchange) {
            writer.complete(Thread.currentThread());
        }

        @Override
        public boolean writeAtOnce(Exchange exchange) {
            if (takesAtOnce) {
                write(exchange);
            }
            return takesAtOnce;
        }
    }

    private record Failing() implements Transport {
        @Override
        public void write(Exchange exchange) {
            throw new IllegalStateException("made to fail");
        }

        @Override
        public boolean writeAtOnce(Exchange exchange) {
            write(exchange);
            return true;
        }
    }

    /// Has the responder write to a client that reads nothing before `reading` is over.
    private void holdUp(CountDownLatch reading) throws InterruptedException {
        CountDownLatch stuck = new CountDownLatch(1);
        responder.ready(
                exchange(
                        exchange -> {
                            stuck.countDown();
                            awaitQuietly(reading);
                        }));
        responder.flush();
        assertTrue(stuck.await(5, TimeUnit.SECONDS));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Exchange exchange(Transport transport) {
        byte[] path = {'/'};
        Scope.Http scope =
                new Scope.Http(
                        "1.1",
                        "GET",
                        path,
                        path,
                        new byte[0],
                        Headers.EMPTY,
                        new Peers("http", null, null));
        return new HttpExchange(scope, transport, false, true, new Ledger(1 << 20), 0);
    }
}
