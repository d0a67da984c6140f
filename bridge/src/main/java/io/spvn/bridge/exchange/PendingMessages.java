package io.spvn.bridge.exchange;

import io.spvn.bridge.asgi.Inbound;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Messages of a WebSocket that were read and not yet given to the app: a bounded number of them,
/// and of bytes. Guarded by the monitor of its exchange.
final class PendingMessages {
    /// What a message costs beside its bytes.
    static final int MESSAGE_BYTES = 64;

    private final Ledger ledger;
    private final int most;
    private final ArrayDeque<Inbound.Message> messages = new ArrayDeque<>(1);
    private int bytes;

    /// @param most messages that may wait
    PendingMessages(int most, Ledger ledger) {
        this.most = most;
        this.ledger = ledger;
    }

    void add(Inbound.Message message) {
        messages.add(message);
        count(cost(message));
    }

    /// The next one, null when there is none.
    Inbound.@Nullable Message poll() {
        Inbound.Message next = messages.poll();
        if (next != null) {
            count(-cost(next));
        }
        return next;
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    boolean isFull() {
        return messages.size() >= most || bytes >= ledger.window();
    }

    /// Nobody will read them.
    void drop() {
        messages.clear();
        count(-bytes);
    }

    private static int cost(Inbound.Message message) {
        return message.data().length + MESSAGE_BYTES;
    }

    private void count(int change) {
        bytes += change;
        ledger.add(change);
    }
}
