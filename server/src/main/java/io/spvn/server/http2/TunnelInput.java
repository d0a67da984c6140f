package io.spvn.server.http2;

import io.spvn.bridge.exchange.Ledger;
import io.spvn.bridge.exchange.Rejected;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a client has sent in a tunnel and nobody has taken: bytes without bounds, as on a
/// connection of its own. The connection's reader adds, the tunnel's reader takes, and gives the
/// client window for that; how much can wait is bounded by the window, and entered in the ledger.
final class TunnelInput implements Incoming {
    private static final byte[] NOTHING = {};

    private final Http2Stream stream;
    private final Ledger ledger;
    private final StreamCredit credit;

    // By the monitor.
    private byte[] buffer = NOTHING;
    private int length;
    private boolean ended;
    private boolean unwanted;

    TunnelInput(Http2Stream stream, Http2Connection owner) {
        this.stream = stream;
        this.ledger = owner.ledger();
        this.credit = new StreamCredit(stream, owner);
    }

    @Override
    public void data(byte[] from, int at, int count, int padding) throws Http2Error {
        credit.take(count + padding);
        if (padding > 0) {
            boolean _ = credit.giveBack(padding);
        }
        if (count > 0 && !add(from, at, count)) {
            throw Http2Error.ofStream(
                    stream.id(),
                    ErrorCode.ENHANCE_YOUR_CALM,
                    Rejected.MEMORY,
                    "no room for what comes in a tunnel");
        }
    }

    /// @return false when there is no room
    private synchronized boolean add(byte[] from, int at, int count) {
        if (unwanted) {
            return true;
        }
        if (buffer.length - length < count) {
            int wanted = length == 0 ? count : Math.max(2 * length, length + count);
            if (!ledger.take(Ledger.weight(wanted))) {
                return false;
            }
            byte[] larger = Arrays.copyOf(buffer, wanted);
            ledger.giveBack(Ledger.weight(buffer.length));
            buffer = larger;
        }
        System.arraycopy(from, at, buffer, length, count);
        length += count;
        notifyAll();
        return true;
    }

    @Override
    public synchronized void end() {
        stream.clientEnded();
        closed();
    }

    @Override
    public void truncated() {
        closed();
    }

    @Override
    public synchronized void closed() {
        ended = true;
        notifyAll();
    }

    // ---- the tunnel's reader

    /// What has come since the last time, in an array whose weight is entered in the ledger and the
    /// caller's to give back; null at the end. Blocks until there is one of both.
    byte @Nullable [] read() throws InterruptedException {
        byte[] taken = take();
        if (taken != null) {
            boolean _ = credit.giveBack(taken.length);
        }
        return taken;
    }

    private synchronized byte @Nullable [] take() throws InterruptedException {
        while (length == 0 && !ended) {
            wait(); // every way to end the stream ends this
        }
        if (length == 0) {
            return null;
        }
        byte[] taken = buffer.length == length ? buffer : Arrays.copyOf(buffer, length);
        ledger.giveBack(Ledger.weight(buffer.length) - Ledger.weight(length));
        buffer = NOTHING;
        length = 0;
        return taken;
    }

    /// Whether something waits to be taken.
    synchronized boolean hasUnread() {
        return length > 0;
    }

    /// Nobody takes any more of it.
    synchronized void discard() {
        unwanted = true;
        ledger.giveBack(Ledger.weight(buffer.length));
        buffer = NOTHING;
        length = 0;
    }
}
