package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.asgi.Scope;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.Ledger;
import io.spvn.bridge.exchange.Waker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CulpritTest {
    private static final long SECOND = 1_000_000_000;
    private static final long NOW = 100 * SECOND;

    private final List<Exchange> inHand = new ArrayList<>();
    private final Culprit culprit = new Culprit(() -> inHand);

    private Exchange take(String path, int age, String... headers) {
        byte[] raw = bytes(path);
        byte[][] fields = new byte[headers.length][];
        for (int i = 0; i < headers.length; i++) {
            fields[i] = bytes(headers[i]);
        }
        Exchange exchange =
                new HttpExchange(
                        new Scope.Http(
                                "1.1",
                                "GET",
                                raw,
                                raw,
                                bytes("secret=1"),
                                Headers.of(fields),
                                new Peers("http", null, null)),
                        _ -> {},
                        false,
                        true,
                        Ledger.ofHeap(1 << 30),
                        NOW - age * SECOND);
        exchange.taken(
                inHand.size() + 7,
                new Waker() {
                    @Override
                    public void wake(Exchange woken) {}
                });
        inHand.add(exchange);
        return exchange;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void find_isByTheNumberOfTheWorker() {
        take("/a", 1);
        Exchange second = take("/b", 1);
        assertSame(second, culprit.find(8));
        assertNull(culprit.find(9));
        assertNull(culprit.find(Culprit.UNKNOWN));
    }

    @Test
    void words_nameTheOneThatIsKnown_withoutItsQuery() {
        take("/old", 9);
        Exchange known = take("/a\u001b[0m", 2, "x-request-id", "r-\u00e91");
        assertEquals(
                " by GET /a\\x1b[0m (request id r-\\xe91, 2.0 s old)", culprit.words(known, NOW));
    }

    @Test
    void words_ofOneThatIsNotKnown_areWhatIsInHand() {
        assertEquals("", culprit.words(null, NOW));
        take("/a", 3);
        assertEquals(", with GET /a (3.0 s old) in hand", culprit.words(null, NOW));
        take("/b", 4);
        assertEquals(
                ", with 2 requests in hand, the oldest GET /b (4.0 s old)",
                culprit.words(null, NOW));
    }

    @Test
    void words_leaveOutWhatIsAnswered() {
        take("/a", 3).broken();
        assertEquals("", culprit.words(null, NOW));
    }
}
