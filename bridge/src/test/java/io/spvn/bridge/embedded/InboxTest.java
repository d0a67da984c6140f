package io.spvn.bridge.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.RequestQueue;
import io.spvn.bridge.worker.Pulse;
import io.spvn.bridge.worker.Requests;
import io.spvn.bridge.worker.VitalSigns;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InboxTest {
    private final RequestQueue requests = new RequestQueue(8);
    private final Pulse pulse = new Pulse();
    private final Inbox inbox = new Inbox(requests, pulse);
    private final VitalSigns signs =
            new VitalSigns(0, pulse, inbox::wakeWorker, Duration.ZERO, List::of, _ -> {});
    private final AtomicInteger wakes = new AtomicInteger();

    /// What makes a worker get up.
    enum News {
        EXCHANGE,
        REFERENCE,
        SIGNAL,
        DRAIN,
        STOP;

        void to(Inbox inbox) {
            switch (this) {
                case EXCHANGE -> inbox.wake(Requests.request());
                case REFERENCE -> inbox.giveBack(7);
                case SIGNAL -> inbox.signal(10);
                case DRAIN -> inbox.drain();
                case STOP -> inbox.stop(Duration.ofSeconds(1));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void newsForASleeper_wakesItOnce(News news) {
        inbox.open(wakes::incrementAndGet);
        assertTrue(inbox.asleep());
        news.to(inbox);
        assertEquals(1, wakes.get());
        assertFalse(inbox.asleep());
        inbox.giveBack(1); // it is awake, and will see this
        assertEquals(1, wakes.get());
    }

    @ParameterizedTest
    @EnumSource
    void newsBeforeItSleeps_keepsItUp(News news) {
        inbox.open(wakes::incrementAndGet);
        inbox.wakeWorker();
        news.to(inbox);
        assertFalse(inbox.sleep());
        assertFalse(inbox.asleep());
    }

    @ParameterizedTest
    @EnumSource
    void newsBeforeItIsOpen_wakesItThen(News news) {
        news.to(inbox);
        inbox.open(wakes::incrementAndGet);
        assertEquals(1, wakes.get());
    }

    @Test
    void aRequest_keepsItUpUntilItHasHeardTheOrderToStop() throws InterruptedException {
        inbox.open(wakes::incrementAndGet);
        inbox.wakeWorker();
        Requests.put(requests, Requests.request());
        assertFalse(inbox.sleep());
        inbox.stop(Duration.ofSeconds(1));
        assertTrue(inbox.takeStop());
        assertTrue(inbox.sleep()); // the request is for others
    }

    @Test
    void aQuestion_keepsItUpUntilItIsAnswered() {
        inbox.open(wakes::incrementAndGet);
        inbox.wakeWorker();
        signs.tick();
        assertTrue(pulse.asked());
        assertFalse(inbox.sleep());
        inbox.giveSignOfLife();
        assertFalse(pulse.asked());
        assertTrue(inbox.sleep());
    }

    @Test
    void orders_areSaidOnce() {
        inbox.drain();
        inbox.drain();
        assertTrue(inbox.takeDrain());
        assertFalse(inbox.takeDrain());
        assertFalse(inbox.takeStop());
        inbox.stop(Duration.ofSeconds(1));
        assertFalse(inbox.stopTaken());
        assertTrue(inbox.takeStop());
        assertTrue(inbox.stopTaken());
        assertFalse(inbox.takeStop());
    }

    @Test
    void signal_thatIsStillThere_isNotDoubled() {
        inbox.signal(10);
        inbox.signal(12);
        inbox.signal(10);
        assertEquals(10, inbox.nextSignal());
        assertEquals(12, inbox.nextSignal());
        assertNull(inbox.nextSignal());
        inbox.signal(10);
        assertEquals(10, inbox.nextSignal());
    }

    @Test
    void news_comesInOrder() {
        Exchange first = Requests.request();
        Exchange second = Requests.request();
        inbox.wake(first);
        inbox.wake(second);
        assertEquals(first, inbox.nextNews());
        assertEquals(second, inbox.nextNews());
        assertNull(inbox.nextNews());
    }

    @Test
    void timeToStop_runsOut() {
        inbox.stop(Duration.ofSeconds(100));
        double left = inbox.secondsToStop();
        assertTrue(left > 0 && left <= 100, left + " s");
        inbox.stop(Duration.ofSeconds(-1));
        assertEquals(0, inbox.secondsToStop());
        inbox.stop(Duration.ofSeconds(100)); // never later
        assertEquals(0, inbox.secondsToStop());
    }

    @Test
    void close_nobodyWakesItAnyMore() {
        inbox.open(wakes::incrementAndGet);
        inbox.close();
        assertFalse(inbox.asleep());
        inbox.giveBack(1);
        assertFalse(inbox.wakeWorker());
        assertEquals(0, wakes.get());
        signs.tick();
        assertFalse(pulse.asked());
    }
}
