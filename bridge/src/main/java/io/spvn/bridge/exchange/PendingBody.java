package io.spvn.bridge.exchange;

import io.spvn.bridge.asgi.Inbound;
import java.util.ArrayList;
import java.util.List;

/// What has been read of a request body and not yet been given to the app. Guarded by the monitor
/// of its exchange.
final class PendingBody {
    /// Bytes that are read ahead of the app.
    static final int WINDOW = 256 * 1024;

    private List<byte[]> parts = new ArrayList<>(1);
    private int unread;
    private boolean complete;
    private boolean delivered;

    PendingBody(boolean bodiless) {
        complete = bodiless;
    }

    void add(byte[] part) {
        parts.add(part);
        unread += part.length;
    }

    void complete() {
        complete = true;
    }

    void clear() {
        parts = new ArrayList<>(0);
        unread = 0;
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    boolean isFull() {
        return unread >= WINDOW;
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
        unread = 0;
        return event;
    }
}
