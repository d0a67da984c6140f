package io.spvn.bridge.exchange;

import static io.spvn.bridge.exchange.Exchanges.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.AsgiViolation;
import io.spvn.bridge.asgi.Inbound;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An exchange with all who have to do with it, who do what they do in the product, step by step.
/// What the client gets is written down in letters: `C` leave to send the body, `S` the start of
/// the app's response, `b` a piece of it, `B` the last one, `R` an answer of the server, `A` the
/// response was broken off.
final class Staged {
    private static final Predicate<String> AT_ANY_MOMENT = whole("C?(R|Sb*[BA]?)?");
    private static final Predicate<String> AT_THE_END = whole("C?(R|Sb*[BA])");

    private final Ledger ledger = new Ledger(1 << 20);
    private final List<Tracked> payloads = new ArrayList<>();
    private final StringBuilder wire = new StringBuilder();
    private final HttpExchange exchange;

    private boolean connected = true;
    private boolean resetNoticed;
    private boolean wanted = true; // reader: the body
    private boolean queued = true;
    private boolean admitted; // and not yet taken
    private boolean atWork;
    private boolean receives; // the app waits
    private boolean asked; // and leave to go on was not looked at yet
    private boolean full;
    private boolean sends; // the app waits
    private @Nullable Write inHand; // responder

    Staged(boolean expectsContinue, boolean bodiless) {
        exchange = Exchanges.exchange("POST", expectsContinue, bodiless, ledger);
    }

    private static Predicate<String> whole(String pattern) {
        return Pattern.compile(pattern).asMatchPredicate();
    }

    // ---- reader

    boolean mayOffer() {
        return !exchange.isFull();
    }

    void offer(byte[] part) {
        try {
            wanted = wanted && exchange.offer(part);
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    void bodyComplete() {
        exchange.bodyComplete();
    }

    void clientLeft() {
        exchange.clientLeft();
    }

    // ---- connection

    /// Nothing gets through any more, which nobody has seen yet.
    void reset() {
        connected = false;
    }

    void noticeReset() {
        exchange.broken();
        resetNoticed = true;
    }

    // ---- registry

    void cut(Rejected reason) {
        exchange.cut(reason);
    }

    // ---- queue

    /// Who polls it has it for itself.
    void poolRefuses() {
        if (queued) {
            queued = false;
            if (!exchange.abandoned()) {
                exchange.refuse(Rejected.QUEUE_TIMEOUT);
            }
        }
    }

    // ---- worker and app

    /// As [Admission] does it.
    void workerPolls() {
        admitted = queued && !exchange.settled();
        queued = false;
    }

    void workerTakes() {
        if (admitted) {
            admitted = false;
            atWork = true;
            exchange.taken(1, woken -> wake());
        }
    }

    /// The app asks again.
    private void wake() {
        receives = false;
        sends = false;
    }

    /// Whether the app goes on: it waits for nothing.
    boolean appGoesOn() {
        return !receives && !sends;
    }

    /// The same of an app that receives in another task.
    boolean senderGoesOn() {
        return !sends;
    }

    void receive() {
        if (atWork) {
            Inbound event = exchange.receive();
            receives = event == null;
            asked = receives;
        }
    }

    /// The second half of a `receive()` that has to wait.
    void giveLeave() {
        if (asked && atWork) {
            exchange.continueDue();
        }
        asked = false;
    }

    void sendStart() {
        send(start(), null);
    }

    void sendBody(int size, boolean more) {
        Tracked payload = new Tracked(size);
        payloads.add(payload);
        send(new Outbound.ResponseBody(payload, more), payload);
    }

    private void send(Outbound event, @Nullable Tracked payload) {
        try {
            if (!atWork) {
                throw new ClientGone();
            }
            full = exchange.send(event) == Sent.FULL;
        } catch (ClientGone | AsgiViolation refused) {
            if (payload != null) {
                payload.release();
            }
        }
    }

    void awaitRoom() {
        try {
            sends = full && atWork && !exchange.writable();
        } catch (ClientGone gone) {
            sends = false;
        }
        full = false;
    }

    /// The server stops, and the app is told if it is due.
    void drain() {
        if (atWork) {
            Drain.Order order = exchange.drain(Receiver.OWN_TASK, 0, 0);
            receives &= order != Drain.Order.TELL; // asks again
        }
    }

    void appEnds() {
        if (atWork) {
            atWork = false;
            receives = false;
            sends = false;
            exchange.appEnded(false);
        }
    }

    // ---- responder

    void takesWrite() {
        inHand = exchange.nextWrite();
        assertTrue(inHand == null || !resetNoticed, "written after the connection broke");
    }

    void writes() {
        switch (inHand) {
            case null -> {}
            case Write.Continue() -> write('C');
            case Write.Start _ -> write('S');
            case Write.Refusal _ -> write('R');
            case Write.Body(Outbound.ResponseBody body) -> {
                write(body.more() ? 'b' : 'B');
                body.data().release();
                if (connected) {
                    exchange.written(body.data());
                    assertTrue(exchange.unwritten() >= 0, "less than nothing waits");
                }
            }
            case Write.Abort _ -> {
                write('A');
                reset();
            }
            case Write.EarlyHints _ -> write('H');
            case Write.Trailers _ -> write('T');
            case Write.Accept _, Write.Message _, Write.Close _ ->
                    throw new AssertionError("not of a response: " + inHand);
        }
        if (inHand != null && !connected) {
            noticeReset();
        }
        inHand = null;
    }

    private void write(char what) {
        if (connected) {
            wire.append(what);
            assertTrue(AT_ANY_MOMENT.test(wire.toString()), () -> "said to the client: " + wire);
        }
    }

    // ---- the end

    /// Nobody does anything on his own any more: looks whether someone waits in vain, and brings
    /// all to its end.
    ///
    /// @return what the client has got
    String end() {
        if (receives) {
            assertNull(exchange.receive(), "receive() waits in vain");
        }
        if (sends) {
            assertFalse(exchange.writable(), "send() waits in vain");
        }
        poolRefuses();
        workerTakes();
        appEnds();
        boolean reached = connected;
        writeAll();
        if (reached) {
            assertTrue(AT_THE_END.test(wire.toString()), () -> "said to the client: " + wire);
            assertEquals(0, exchange.unwritten());
            assertEquals(0, exchange.unwrittenInHeap());
        }
        noticeReset();
        assertNull(exchange.nextWrite());
        assertTrue(exchange.settled());
        assertTrue(mayOffer(), "the reader waits in vain");
        payloads.forEach(Tracked::assertReleased);
        assertEquals(0, ledger.held());
        return wire.toString();
    }

    private void writeAll() {
        do {
            writes();
            takesWrite();
        } while (inHand != null);
    }

    /// Counts how often it is released.
    private static final class Tracked implements Payload {
        private final int length;
        private int releases;

        Tracked(int length) {
            this.length = length;
        }

        void assertReleased() {
            assertEquals(1, releases);
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public void copyTo(long from, byte[] target, int at, int count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int heapBytes() {
            return length;
        }

        @Override
        public void release() {
            releases++;
            assertEquals(1, releases, "released again");
        }
    }
}
