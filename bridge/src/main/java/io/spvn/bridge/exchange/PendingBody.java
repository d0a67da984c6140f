package io.spvn.bridge.exchange;

import io.spvn.bridge.asgi.Inbound;
import java.util.ArrayList;
import java.util.List;

/// What has been read of a request body and not yet been given to the app. Guarded by the monitor
/// of its exchange.
final class PendingBody {
    /// What a piece costs beside its bytes; without it a body of tiny chunks would cost much more
    /// than it seems.
    private static final int PIECE_BYTES = 64;

    private final Ledger ledger;
    private List<byte[]> parts = new ArrayList<>(1);
    private int unread;
    private boolean begun;
    private boolean complete;
    private boolean delivered;

    PendingBody(boolean bodiless, Ledger ledger) {
        this.ledger = ledger;
        complete = bodiless;
    }

    void add(byte[] part) {
        begun = true;
        parts.add(part);
        unread += part.length + PIECE_BYTES;
        ledger.add(part.length + PIECE_BYTES);
    }

    void complete() {
        complete = true;
    }

    /// Nobody will read it.
    void drop() {
        parts = new ArrayList<>(0);
        release();
    }

    boolean isFull() {
        return unread >= ledger.window();
    }

    /// Whether anything of it has come, or nothing will.
    boolean hasBegun() {
        return begun || complete;
    }

    /// Whether no more of it will come.
    boolean isComplete() {
        return complete;
    }

    /// Whether there is an event for the app: something of the body, or its end.
    boolean isReady() {
        return !delivered && (!parts.isEmpty() || complete);
    }

    /// All that has come since the last time.
    Inbound take() {
        Inbound event = new Inbound.RequestBody(parts, !complete);
        delivered = complete;
        parts = new ArrayList<>(1);
        release();
        return event;
    }

    private void release() {
        ledger.giveBack(unread);
        unread = 0;
    }
}
