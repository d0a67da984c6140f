package io.spvn.bridge.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.embedded.Agenda.Item;
import io.spvn.bridge.exchange.Admission;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.RequestQueue;
import io.spvn.bridge.worker.ExchangeTable;
import io.spvn.bridge.worker.Pulse;
import io.spvn.bridge.worker.Requests;
import io.spvn.bridge.worker.VitalSigns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgendaTest {
    private final RequestQueue requests = new RequestQueue(8);
    private final Pulse pulse = new Pulse();
    private final Inbox inbox = new Inbox(requests, pulse);
    private final ExchangeTable exchanges = new ExchangeTable();
    private final List<Long> dropped = new ArrayList<>();
    private final Agenda agenda =
            new Agenda(
                    inbox,
                    exchanges,
                    new Admission(requests, ExchangeListener.NONE, Duration.ofSeconds(5), _ -> {}),
                    dropped::add);

    private Exchange begun() {
        Exchange exchange = Requests.request();
        exchange.taken(exchanges.add(exchange), inbox);
        return exchange;
    }

    @Test
    void next_whatIsBegunComesFirst_whatIsNewLast() throws InterruptedException {
        Exchange waiting = Requests.request();
        Requests.put(requests, waiting);
        inbox.drain();
        inbox.signal(10);
        Exchange begun = begun();
        inbox.wake(begun);

        assertEquals(Item.NEWS, agenda.next());
        assertSame(begun, agenda.exchange());
        assertEquals(Item.SIGNAL, agenda.next());
        assertEquals(10, agenda.signal());
        assertEquals(Item.DRAIN, agenda.next());
        assertEquals(Item.REQUEST, agenda.next());
        assertSame(waiting, agenda.exchange());
        assertEquals(Item.NOTHING, agenda.next());
        assertTrue(inbox.asleep());
    }

    @Test
    void next_afterTheOrderToStop_thereIsNewsButNoRequest() throws InterruptedException {
        Requests.put(requests, Requests.request());
        inbox.stop(Duration.ofSeconds(1));
        assertEquals(Item.STOP, agenda.next());
        assertEquals(Item.NOTHING, agenda.next());
        inbox.wake(begun());
        assertEquals(Item.NEWS, agenda.next());
        assertEquals(Item.NOTHING, agenda.next());
        assertEquals(1, requests.depth()); // for another worker
    }

    @Test
    void next_newsOfWhatIsOver_isPassedOver() {
        Exchange over = begun();
        exchanges.remove(over.id());
        inbox.wake(over);
        Exchange begun = begun();
        inbox.wake(begun);
        assertEquals(Item.NEWS, agenda.next());
        assertSame(begun, agenda.exchange());
    }

    @Test
    void next_dropsReferencesAndGivesASignOfLife() {
        inbox.giveBack(7);
        inbox.giveBack(8);
        new VitalSigns(0, pulse, inbox::wakeWorker, Duration.ZERO, List::of, _ -> {}).tick();
        assertTrue(pulse.asked());
        assertEquals(Item.NOTHING, agenda.next());
        assertEquals(List.of(7L, 8L), dropped);
        assertFalse(pulse.asked());
    }

    @Test
    void next_requestWhoseClientHasGone_isNotBegun() throws InterruptedException {
        Exchange gone = Requests.request();
        Requests.put(requests, gone);
        gone.broken();
        assertEquals(Item.NOTHING, agenda.next());
        assertEquals(0, requests.depth());
    }
}
