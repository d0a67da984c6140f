package io.spvn.bridge.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final int MIB = 1024 * 1024;

    private final Ledger ledger = new Ledger(MIB);

    @Test
    void take_large_untilItsPartIsUsedUp() {
        assertTrue(ledger.take(MIB / 2));
        assertFalse(ledger.take(MIB / 2));
        assertEquals(MIB / 2, ledger.held(), "what does not fit leaves no trace");
    }

    @Test
    void take_small_alsoWhereLargeHasNoRoom() {
        ledger.add(MIB * 3 / 4);
        assertTrue(ledger.isFull());
        assertFalse(ledger.take(Ledger.CONNECTION + 1));
        assertTrue(ledger.take(Ledger.CONNECTION));
    }

    @Test
    void take_small_notBeyondTheLimit() {
        ledger.add(MIB);
        assertFalse(ledger.take(1));
        assertTrue(ledger.take(0));
    }

    @Test
    void window_full_onePiece() {
        assertEquals(Ledger.WINDOW, ledger.window());
        ledger.add(MIB);
        assertEquals(1, ledger.window());
        ledger.giveBack(MIB);
        assertEquals(Ledger.WINDOW, ledger.window());
    }

    @Test
    void weight_partOfAConnection_countsForNothing() {
        assertEquals(0, Ledger.weight(Ledger.FREE));
        assertEquals(Ledger.FREE + 1, Ledger.weight(Ledger.FREE + 1));
    }

    @Test
    void ofHeap_leavesTheServerItsOwnPart() {
        assertEquals(
                Ledger.ofHeap(0).mostConnections(), Ledger.ofHeap(24L * MIB).mostConnections());
        long most = Ledger.ofHeap(512L * MIB).mostConnections();
        assertTrue(most > 20_000 && most * Ledger.CONNECTION < 256L * MIB, most + " connections");
    }
}
