package io.spvn.bridge.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.process.Message.Down;
import io.spvn.bridge.process.Message.Up;
import io.spvn.bridge.worker.Requests;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Over a real connection, whose other end is the test's.
@Timeout(20)
class FeederTest {
    private final Bench bench = new Bench();
    private final Feeder feeder = bench.feeder;

    FeederTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        bench.close();
    }

    private static List<Object> message(Down kind, Object... items) {
        List<Object> message = new ArrayList<>(List.of(kind.number()));
        message.addAll(List.of(items));
        return message;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static void order(Feeder feeder, Object value) {
        feeder.order(
                out -> {
                    out.tuple(1);
                    out.value(value);
                });
    }

    // ---- requests

    @Test
    void aRequest_isToldWithItsScopeAndItsBody() throws Exception {
        HttpExchange request = bench.put(Requests.request());
        feeder.open();
        List<?> told = bench.hear();
        int number = bench.ticket(request).number;
        assertEquals(number, request.id());
        assertEquals(message(Down.REQUEST, number), told.subList(0, 2));
        assertEquals("GET", ((Map<?, ?>) told.get(2)).get("method"));
        assertEquals(List.of("b", false), told.subList(3, 5));
    }

    @Test
    void beforeItIsOpen_andAfterItIsClosed_requestsWait() throws Exception {
        bench.put(Requests.request());
        feeder.feed();
        assertTrue(bench.isQuiet());
        assertFalse(feeder.hasRoom());
        feeder.open();
        assertEquals(Down.REQUEST.number(), bench.hear().getFirst());
        feeder.begun(1);
        assertTrue(feeder.hasRoom());
        feeder.close();
        bench.put(Requests.request());
        feeder.feed();
        assertTrue(bench.isQuiet());
        assertEquals(1, bench.requests.depth());
    }

    @Test
    void aChildThatHasBegunNothing_getsOne() throws Exception {
        for (int i = 0; i < 3; i++) {
            bench.put(Requests.request());
        }
        feeder.open();
        assertEquals(Down.REQUEST.number(), bench.hear().getFirst());
        assertTrue(bench.isQuiet());
        assertFalse(feeder.hasRoom());
        feeder.begun(1);
        feeder.feed();
        assertEquals(Down.REQUEST.number(), bench.hear().getFirst());
    }

    @Test
    void aChildThatHasBegunMoreThanItGot_isNotBelieved() throws Exception {
        bench.taken(Requests.request());
        assertThrows(Garbled.class, () -> feeder.begun(1));
        assertThrows(Garbled.class, () -> feeder.begun(-1));
        feeder.begun(0);
    }

    @Test
    void aRequestThatIsRefused_isNotTold() throws Exception {
        HttpExchange gone = bench.put(Requests.request());
        gone.broken();
        HttpExchange other = bench.put(Requests.request());
        feeder.open();
        assertEquals(other.id(), ((Integer) bench.hear().get(1)).longValue());
        assertEquals(1, bench.tickets.size());
    }

    // ---- news

    @Test
    void aBodyThatComesLater_isToldUnaskedOnce() throws Exception {
        HttpExchange upload = Requests.upload(false);
        bench.put(upload);
        feeder.open();
        assertEquals(List.of("None", true), bench.hear().subList(3, 5));
        int number = bench.ticket(upload).number;
        assertTrue(upload.offer(bytes("first")));
        assertEquals(message(Down.BODY, number, "bfirst", true), bench.hear());
        assertTrue(upload.offer(bytes("second")));
        assertTrue(bench.isQuiet());
        bench.says(Said.that(Up.WANT, number));
        assertEquals(message(Down.BODY, number, "bsecond", true), bench.hear());
        bench.says(Said.that(Up.WANT, number));
        assertTrue(bench.isQuiet());
        upload.bodyComplete();
        assertEquals(message(Down.BODY, number, "b", false), bench.hear());
    }

    @Test
    void aClientThatLeaves_isToldToWhoWaits() throws Exception {
        HttpExchange upload = bench.taken(Requests.upload(false));
        upload.clientLeft();
        assertEquals(message(Down.DISCONNECT, bench.ticket(upload).number), bench.hear());
        bench.says(Said.that(Up.WANT, bench.ticket(upload).number));
        assertEquals(message(Down.DISCONNECT, bench.ticket(upload).number), bench.hear());
    }

    @Test
    void aClientThatHasGone_isToldOnce_thoughNobodyWaits() throws Exception {
        HttpExchange request = bench.taken(Requests.request());
        int number = bench.ticket(request).number;
        request.broken();
        assertEquals(message(Down.GONE, number), bench.hear());
        bench.says(Said.that(Up.WANT, number).and(Up.FULL, number));
        assertTrue(bench.isQuiet());
    }

    @Test
    void room_isToldWhenThereIsSome() throws Exception {
        HttpExchange request = bench.taken(Requests.request());
        int number = bench.ticket(request).number;
        bench.says(Said.that(Up.START, number, 200, new byte[0]));
        bench.says(Said.that(Up.PART, number, new byte[100_000], true).and(Up.FULL, number));
        assertTrue(bench.isQuiet());
        assertTrue(Bench.writes(request).endsWith("..."));
        assertEquals(message(Down.ROOM, number), bench.hear());
        assertTrue(bench.isQuiet());
    }

    @Test
    void aClientThatHoldsBackItsBody_isLetOnWhenTheAppWaits() throws Exception {
        HttpExchange upload = bench.taken(Requests.upload(true));
        assertEquals("", Bench.writes(upload));
        bench.says(Said.that(Up.WANT, bench.ticket(upload).number));
        assertTrue(bench.isQuiet());
        assertEquals(List.of(upload), bench.sink.ready);
        assertEquals("continue", Bench.writes(upload));
    }

    @Test
    void newsOfAnExchangeThatIsOver_isNone() throws Exception {
        HttpExchange request = bench.taken(Requests.request());
        Ticket ticket = bench.ticket(request);
        bench.says(Said.that(Up.ENDED, ticket.number, null));
        feeder.wake(request);
        assertTrue(bench.isQuiet());
        assertEquals(0, bench.tickets.size());
    }

    // ---- the connection

    @Test
    void aChildThatReadsNothing_holdsNobodyUp_andHearsAllLater() throws Exception {
        String large = "x".repeat(50_000);
        for (int i = 0; i < 100; i++) {
            order(feeder, i + large);
        }
        for (int i = 0; i < 100; i++) {
            assertEquals(List.of(i + large), bench.hear());
        }
        assertTrue(bench.isQuiet());
    }

    @Test
    void manyThatFeedAtOnce_areAllHeard_inTheOrderOfEach() throws Exception {
        int threads = 8;
        int each = 500;
        List<Thread> all = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int first = thread * each;
            all.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        for (int i = 0; i < each; i++) {
                                            order(feeder, first + i);
                                        }
                                    }));
        }
        Map<Integer, Integer> next = new HashMap<>();
        for (int i = 0; i < threads * each; i++) {
            int heard = (Integer) bench.hear().getFirst();
            int thread = heard / each;
            assertEquals(next.getOrDefault(thread, 0), heard % each);
            next.put(thread, heard % each + 1);
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertTrue(bench.isQuiet());
    }

    // ---- the end

    @Test
    void theEnd_cutsWhatTheChildHadInHand() throws Exception {
        HttpExchange unanswered = bench.taken(Requests.request());
        HttpExchange begun = bench.taken(Requests.request());
        HttpExchange held = bench.taken(Requests.request());
        HttpExchange complete = bench.taken(Requests.request());
        begun.send(new Outbound.ResponseStart(200, Headers.EMPTY));
        begun.send(new Outbound.ResponseBody(Payload.of(bytes("a")), true));
        assertEquals("200()-1 a...", Bench.writes(begun));
        held.send(new Outbound.ResponseStart(200, Headers.EMPTY));
        complete.send(new Outbound.ResponseStart(200, Headers.EMPTY));
        complete.send(new Outbound.ResponseBody(Payload.of(bytes("all")), false));
        feeder.end();
        assertEquals("refused WORKER_ENDED", Bench.writes(unanswered));
        assertEquals("aborted WORKER_ENDED", Bench.writes(begun));
        assertEquals("refused WORKER_ENDED", Bench.writes(held));
        assertEquals("200()3 all.", Bench.writes(complete));
        assertTrue(bench.sink.ready.containsAll(List.of(unanswered, begun, held)));
        assertEquals(0, bench.tickets.size());
    }

    @Test
    void afterTheEnd_nothingIsToldAndNoRequestTaken() throws Exception {
        feeder.open();
        feeder.end();
        bench.put(Requests.request());
        order(feeder, 1);
        feeder.feed();
        assertFalse(feeder.hasRoom());
        assertEquals(1, bench.requests.depth());
        bench.pair.server().close();
        assertThrows(NullPointerException.class, bench::hear, "the end is what is heard");
    }

    @Test
    void aChildThatHasClosed_isNoError() throws Exception {
        HttpExchange request = bench.taken(Requests.request());
        bench.pair.child().close();
        for (int i = 0; i < 100; i++) {
            order(feeder, "x".repeat(10_000));
        }
        feeder.end();
        assertEquals("refused WORKER_ENDED", Bench.writes(request));
    }
}
