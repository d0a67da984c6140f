package io.spvn.server.http2;

import io.spvn.bridge.exchange.Ledger;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.NoRoom;
import java.util.Arrays;

/// The field block that is being received, in HEADERS and its CONTINUATIONs (RFC 9113 4.3). The
/// reader's.
///
/// A block that comes in one frame is not copied. Others are collected here; how many frames they
/// may have and how long they may be has a bound, for nothing can be made of a part of one.
final class HeadBlock {
    private static final int MOST_FRAMES = 32;

    private static final byte[] NOTHING = {};

    private final Ledger ledger;
    private final int most;
    private byte[] collected = NOTHING;
    private int length;
    private int frames;
    private int stream; // 0 while none is received
    private boolean endStream;

    /// @param most bytes of a block
    HeadBlock(Ledger ledger, int most) {
        this.ledger = ledger;
        this.most = most;
    }

    /// Whether a CONTINUATION is to come, and nothing else.
    boolean isOpen() {
        return stream != 0;
    }

    int stream() {
        return stream;
    }

    boolean endStream() {
        return endStream;
    }

    /// Of HEADERS behind which CONTINUATIONs come.
    void begin(int ofStream, boolean endsStream, byte[] buffer, int from, int to)
            throws Http2Error {
        stream = ofStream;
        endStream = endsStream;
        frames = 0;
        add(buffer, from, to);
    }

    /// The next frame of it.
    void add(byte[] buffer, int from, int to) throws Http2Error {
        if (length + to - from > most || ++frames > MOST_FRAMES) {
            throw Http2Error.ofConnection(
                    ErrorCode.ENHANCE_YOUR_CALM,
                    Rejected.HEAD_TOO_LARGE,
                    "field block is too large");
        }
        if (collected.length - length < to - from) {
            grow(length + to - from);
        }
        System.arraycopy(buffer, from, collected, length, to - from);
        length += to - from;
    }

    private void grow(int least) {
        int wanted = Math.min(most, Math.max(least, 2 * collected.length));
        if (!ledger.take(Ledger.weight(wanted))) {
            throw new NoRoom();
        }
        byte[] larger = Arrays.copyOf(collected, wanted);
        ledger.giveBack(Ledger.weight(collected.length));
        collected = larger;
    }

    byte[] bytes() {
        return collected;
    }

    int length() {
        return length;
    }

    /// It has been understood, or the connection is over.
    void clear() {
        ledger.giveBack(Ledger.weight(collected.length));
        collected = NOTHING;
        length = 0;
        stream = 0;
    }
}
