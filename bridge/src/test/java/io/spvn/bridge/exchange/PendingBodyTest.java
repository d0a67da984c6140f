package io.spvn.bridge.exchange;

import static io.spvn.bridge.exchange.Exchanges.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Inbound;
import org.junit.jupiter.api.Test;

class PendingBodyTest {
    private final Ledger ledger = new Ledger(1 << 20);

    @Test
    void noBody_isComplete_andItsEndIsThereOnce() {
        PendingBody body = new PendingBody(false, true, ledger);
        assertTrue(body.isComplete());
        assertTrue(body.isReady());
        assertEquals(0, pieces(body, false));
        assertFalse(body.isReady());
        body.complete();
        assertFalse(body.isReady());
    }

    @Test
    void take_allThatHasCome_andTheEndWithTheLastOfIt() {
        PendingBody body = coming();
        assertFalse(body.isReady());
        body.add(bytes("a"));
        body.add(bytes("b"));
        assertEquals(2, pieces(body, true));
        assertFalse(body.isReady());
        body.add(bytes("c"));
        body.complete();
        assertEquals(1, pieces(body, false));
        assertFalse(body.isReady());
    }

    @Test
    void complete_afterAllWasTaken_isAnEventOfItsOwn() {
        PendingBody body = coming();
        body.add(bytes("a"));
        assertEquals(1, pieces(body, true));
        body.complete();
        assertEquals(0, pieces(body, false));
    }

    @Test
    void heldBack_untilLeaveIsGiven() {
        PendingBody body = new PendingBody(true, false, ledger);
        assertTrue(body.isHeldBack());
        body.giveLeave();
        assertFalse(body.isHeldBack());
        assertFalse(body.isComplete());
        assertFalse(body.isReady());
    }

    @Test
    void heldBack_untilItComesWithoutLeave() {
        PendingBody body = new PendingBody(true, false, ledger);
        body.add(bytes("a"));
        assertFalse(body.isHeldBack());
        PendingBody empty = new PendingBody(true, false, ledger);
        empty.complete();
        assertFalse(empty.isHeldBack());
        assertFalse(new PendingBody(true, true, ledger).isHeldBack(), "there is none");
    }

    @Test
    void giveLeave_afterItHasCome_changesNothing() {
        PendingBody body = coming();
        body.complete();
        body.giveLeave();
        assertTrue(body.isComplete());
    }

    @Test
    void isFull_countsWhatPiecesCost_untilTheyAreTaken() {
        PendingBody body = coming();
        int most = Ledger.WINDOW / PendingBody.PIECE_BYTES;
        int pieces = 0;
        while (!body.isFull()) {
            body.add(new byte[0]);
            pieces++;
        }
        assertEquals(most, pieces);
        pieces(body, true);
        assertFalse(body.isFull());
    }

    @Test
    void isFull_withOnePiece_whenTheLedgerIs() {
        PendingBody body = coming();
        ledger.add(1 << 20);
        assertFalse(body.isFull());
        body.add(new byte[0]);
        assertTrue(body.isFull());
    }

    @Test
    void ledger_isEvenOnceTakenOrDropped() {
        PendingBody body = coming();
        body.add(new byte[100]);
        assertEquals(100 + PendingBody.PIECE_BYTES, ledger.held());
        pieces(body, true);
        assertEquals(0, ledger.held());
        body.add(new byte[100]);
        body.drop();
        body.drop();
        assertEquals(0, ledger.held());
        assertFalse(body.isReady());
    }

    private PendingBody coming() {
        return new PendingBody(false, false, ledger);
    }

    private static int pieces(PendingBody body, boolean more) {
        var event = assertInstanceOf(Inbound.RequestBody.class, body.take());
        assertEquals(more, event.more());
        return event.parts().size();
    }
}
