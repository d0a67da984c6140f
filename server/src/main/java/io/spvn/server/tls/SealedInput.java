package io.spvn.server.tls;

import io.spvn.bridge.exchange.Ledger;
import io.spvn.server.connection.NoRoom;
import io.spvn.server.connection.Socket;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;

/// What has come of records that are not complete yet. The reader's thread only.
///
/// A piece that the socket returns becomes the buffer when nothing is left of the one before; an
/// idle connection holds none. What the buffer weighs is in the ledger while it is here.
final class SealedInput {
    static final int ALERT = 21;
    static final int HANDSHAKE = 22;

    private static final int HEADER = 5;

    /// The most that a record may be, by RFC 5246 section 6.2.3.
    private static final int MOST = HEADER + 16 * 1024 + 2048;

    private static final byte[] NOTHING = {};

    /// A record can only be opened as a whole, so it has room where anything small has.
    private static final int STEP = Ledger.CONNECTION;

    private final Socket raw;
    private final Ledger ledger;
    private byte[] buffer = NOTHING;
    private int from;
    private int to;

    SealedInput(Socket raw, Ledger ledger) {
        this.raw = raw;
        this.ledger = ledger;
    }

    boolean isEmpty() {
        return from == to;
    }

    /// The first octet, which says what a record is of.
    int type() {
        return buffer[from] & 0xFF;
    }

    /// Bytes of the record that has begun, header included; 0 while that is not known.
    int length() {
        return to - from < HEADER
                ? 0
                : HEADER + (((buffer[from + 3] & 0xFF) << 8) | (buffer[from + 4] & 0xFF));
    }

    private boolean isComplete() {
        int length = length();
        return length > 0 && to - from >= length;
    }

    /// All that is here.
    ByteBuffer bytes() {
        return ByteBuffer.wrap(buffer, from, to - from);
    }

    void consumed(int count) {
        from += count;
        if (isEmpty()) {
            drop();
        }
    }

    /// Waits for a whole record.
    ///
    /// @return false when none comes any more
    /// @throws SSLException when one says that it is larger than it may be
    boolean awaitRecord() throws SSLException {
        while (!isComplete()) {
            if (length() > MOST) {
                throw new SSLException("(record_overflow) record too long");
            }
            if (!fill()) {
                return false;
            }
        }
        return true;
    }

    /// Reads more; blocks until there is some.
    ///
    /// @return false at the end
    /// @throws NoRoom when there is no room for it
    boolean fill() {
        byte[] piece = raw.read();
        if (piece == null) {
            return false;
        }
        if (isEmpty()) {
            buffer = piece;
            from = 0;
            to = piece.length;
        } else {
            append(piece);
        }
        return true;
    }

    private void append(byte[] piece) {
        try {
            int left = to - from;
            if (buffer.length - to < piece.length) {
                grow(left, Math.max(left + piece.length, Math.min(2 * left, RecordBuffers.SIZE)));
            }
            System.arraycopy(piece, 0, buffer, to, piece.length);
            to += piece.length;
        } finally {
            ledger.giveBack(Ledger.weight(piece.length));
        }
    }

    private void grow(int left, int wanted) {
        enter(Ledger.weight(wanted));
        byte[] larger = new byte[wanted];
        System.arraycopy(buffer, from, larger, 0, left);
        drop();
        buffer = larger;
        to = left;
    }

    private void enter(int weight) {
        for (int entered = 0; entered < weight; entered += STEP) {
            if (!ledger.take(Math.min(STEP, weight - entered))) {
                ledger.giveBack(entered);
                throw new NoRoom();
            }
        }
    }

    /// What is here as it came, which is the caller's to give back.
    byte[] takeAll() {
        byte[] all = new byte[to - from];
        System.arraycopy(buffer, from, all, 0, all.length);
        ledger.add(Ledger.weight(all.length));
        drop();
        return all;
    }

    /// Nothing of it is wanted.
    void drop() {
        ledger.giveBack(Ledger.weight(buffer.length));
        buffer = NOTHING;
        from = 0;
        to = 0;
    }
}
