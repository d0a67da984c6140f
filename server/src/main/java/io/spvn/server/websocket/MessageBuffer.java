package io.spvn.server.websocket;

import io.spvn.bridge.exchange.Ledger;
import java.util.Arrays;

/// Collects a message. It grows with what has come, not with what was announced, and is entered in
/// the ledger for as long as it is here; empty it holds nothing. Of one thread.
final class MessageBuffer {
    static final byte[] NOTHING = {};
    private static final int LEAST = 64;

    /// How much larger it gets at a time: what has come is copied then.
    private static final long STEP = 4;

    private final Ledger ledger;
    private byte[] bytes = NOTHING;
    private int size;

    MessageBuffer(Ledger ledger) {
        this.ledger = ledger;
    }

    /// An empty one, of the same ledger.
    MessageBuffer another() {
        return new MessageBuffer(ledger);
    }

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    /// Bytes that can be added as it is.
    int room() {
        return bytes.length - size;
    }

    /// Makes room for `more` bytes.
    ///
    /// @param most bytes that it will ever have
    /// @return false when the ledger has none
    boolean reserve(int more, long most) {
        return more <= room() || grow(size + more, most);
    }

    private boolean grow(int needed, long most) {
        long larger = Math.max(LEAST, STEP * bytes.length);
        int wanted = (int) Math.max(needed, Math.min(larger, most));
        if (!ledger.take(Ledger.weight(wanted))) {
            return false;
        }
        byte[] roomy = Arrays.copyOf(bytes, wanted);
        ledger.giveBack(Ledger.weight(bytes.length));
        bytes = roomy;
        return true;
    }

    /// So many bytes have been put behind the others.
    void added(int count) {
        size += count;
    }

    /// The last bytes are not wanted.
    void cut(int count) {
        size -= count;
    }

    /// The message, whose weight stays entered: it is for who takes it to give back.
    byte[] take() {
        byte[] message = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
        ledger.giveBack((long) Ledger.weight(bytes.length) - Ledger.weight(message.length));
        forget();
        return message;
    }

    void drop() {
        ledger.giveBack(Ledger.weight(bytes.length));
        forget();
    }

    private void forget() {
        bytes = NOTHING;
        size = 0;
    }
}
