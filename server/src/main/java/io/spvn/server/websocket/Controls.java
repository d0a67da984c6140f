package io.spvn.server.websocket;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Control frames that wait to be written: pings and pongs ahead of all messages, a close behind
/// those that were said before it. For any thread.
///
/// A client that sends pings and does not read gets the answers to the last of them only (RFC 6455
/// section 5.5.3).
final class Controls {
    private static final int MOST_PONGS = 64;

    /// A control frame.
    sealed interface Control {
        /// Asks whether the client is there.
        record Ping() implements Control {}

        /// Tells that the server is there.
        @SuppressWarnings("ArrayRecordComponent") // bytes for the wire; never compared
        record Pong(byte[] data) implements Control {}

        /// The end; 1005 for one without a code.
        record Close(int code, String reason) implements Control {}
    }

    private final ArrayDeque<Control> waiting = new ArrayDeque<>(1);
    private Control.@Nullable Close close;
    private int pongs;

    /// The first close is the one that counts.
    synchronized void add(Control control) {
        if (control instanceof Control.Close end) {
            close = close == null ? end : close;
            return;
        }
        if (control instanceof Control.Pong) {
            dropOldest();
            pongs++;
        }
        waiting.add(control);
    }

    private void dropOldest() {
        if (pongs < MOST_PONGS) {
            return;
        }
        for (Control each : waiting) {
            if (each instanceof Control.Pong) {
                waiting.remove(each);
                pongs--;
                return;
            }
        }
    }

    /// Whether another pong would take the place of one.
    synchronized boolean isFull() {
        return pongs >= MOST_PONGS;
    }

    /// The next one to be written ahead of messages, null when there is none.
    synchronized @Nullable Control poll() {
        Control next = waiting.poll();
        if (next instanceof Control.Pong) {
            pongs--;
        }
        return next;
    }

    /// The close to be written when there are no messages, null when there is none.
    synchronized Control.@Nullable Close pollClose() {
        Control.Close end = close;
        close = null;
        return end;
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty() && close == null;
    }
}
