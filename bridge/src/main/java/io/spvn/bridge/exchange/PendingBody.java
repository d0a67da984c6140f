package io.spvn.bridge.exchange;

import io.spvn.bridge.asgi.Inbound;
import java.util.ArrayList;
import java.util.List;

/// What has been read of a request body and not yet been given to the app. Guarded by the monitor
/// of its exchange.
///
///     HELD_BACK -> COMING -> COMPLETE -> DELIVERED
final class PendingBody {
    /// How much of a body has come.
    private enum State {
        /// Nothing: the client waits for leave to send it.
        HELD_BACK,
        /// Something or nothing, and more is to come.
        COMING,
        /// All of it.
        COMPLETE,
        /// All of it, and the app knows.
        DELIVERED
    }

    /// What a piece costs beside its bytes; without it a body of tiny chunks would cost much more
    /// than it seems.
    static final int PIECE_BYTES = 64;

    private final Ledger ledger;
    private List<byte[]> parts = new ArrayList<>(1);
    private int unread;
    private int content; // the part of `unread` that the client has sent
    private State state;

    PendingBody(boolean heldBack, boolean bodiless, Ledger ledger) {
        this.ledger = ledger;
        state = bodiless ? State.COMPLETE : heldBack ? State.HELD_BACK : State.COMING;
    }

    void add(byte[] part) {
        reach(State.COMING);
        parts.add(part);
        content += part.length;
        unread += part.length + PIECE_BYTES;
        ledger.add(part.length + PIECE_BYTES);
    }

    void complete() {
        reach(State.COMPLETE);
    }

    /// The client may send it.
    void giveLeave() {
        reach(State.COMING);
    }

    private void reach(State next) {
        if (state.compareTo(next) < 0) {
            state = next;
        }
    }

    /// Nobody will read it.
    void drop() {
        if (unread != 0) {
            parts = new ArrayList<>(0);
            release();
        }
    }

    /// Bytes of it that the app has not taken.
    int content() {
        return content;
    }

    boolean isFull() {
        return unread >= ledger.window();
    }

    /// Whether the client waits for leave to send it.
    boolean isHeldBack() {
        return state == State.HELD_BACK;
    }

    /// Whether no more of it will come.
    boolean isComplete() {
        return state.compareTo(State.COMPLETE) >= 0;
    }

    /// Whether there is an event for the app: something of the body, or its end.
    boolean isReady() {
        return state == State.COMPLETE || (state != State.DELIVERED && !parts.isEmpty());
    }

    /// All that has come since the last time.
    Inbound take() {
        boolean whole = isComplete();
        Inbound event = new Inbound.RequestBody(parts, !whole);
        if (whole) {
            reach(State.DELIVERED);
        }
        parts = new ArrayList<>(1);
        release();
        return event;
    }

    private void release() {
        ledger.giveBack(unread);
        unread = 0;
        content = 0;
    }
}
