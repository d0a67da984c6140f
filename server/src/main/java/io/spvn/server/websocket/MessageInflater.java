package io.spvn.server.websocket;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// Inflates a client's messages (RFC 7692 7.2.2), each when it is there as a whole. The reader's
/// thread only.
///
/// With context take-over it owns an inflater from the first message on, until it is closed;
/// without, it borrows one for each message. A client may end a block of a message as if it were
/// the last (7.2.3.4): what follows may refer to what this message has had, though not to messages
/// before it.
final class MessageInflater {
    /// The end of each message, which is not sent.
    static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    private static final int WINDOW = 32 * 1024;
    private static final int PIECE = 64 * 1024;
    private static final int LEAST = 256;
    private static final int GUESS = 3;

    /// How often a message may have a last block.
    private static final int RESTARTS = 64;

    private final DeflateContexts contexts;
    private final boolean takeover;
    private final byte[] probe = new byte[1];
    private @Nullable Inflater own;
    private boolean closed;

    MessageInflater(DeflateContexts contexts, boolean takeover) {
        this.contexts = contexts;
        this.takeover = takeover;
    }

    /// Takes a compressed message out of its buffer.
    ///
    /// @param most bytes that it may have
    /// @param text checks it, null when it is binary
    /// @return the message, whose weight is entered in the ledger
    byte[] inflate(MessageBuffer compressed, int most, @Nullable Utf8 text) {
        MessageBuffer message = compressed.another();
        Inflater inflater = borrow();
        try {
            if (compressed.size() > 0) {
                inflate(inflater, compressed, message, most, text);
            }
            if (text != null && !text.isWhole()) {
                throw FrameRules.TEXT.error();
            }
            return message.take();
        } catch (DataFormatException malformed) {
            throw FrameRules.COMPRESSION.error();
        } finally {
            message.drop();
            compressed.drop();
            giveBack(inflater);
        }
    }

    private void inflate(
            Inflater inflater,
            MessageBuffer compressed,
            MessageBuffer message,
            int most,
            @Nullable Utf8 text)
            throws DataFormatException {
        int length = compressed.size();
        append(TAIL, compressed);
        inflater.setInput(compressed.bytes(), 0, length + TAIL.length);
        int restarts = 0;
        int lookedAt = 0;
        boolean more = true;
        while (more) {
            if (piece(inflater, message, most, (long) GUESS * length)) {
                lookedAt = check(text, message, lookedAt);
            } else if (inflater.finished()) {
                more = inflater.getRemaining() > TAIL.length;
                restart(inflater, compressed, message);
                if (++restarts > RESTARTS) {
                    throw FrameRules.COMPRESSION.error();
                }
            } else if (inflater.needsInput()) {
                more = false;
            } else {
                throw FrameRules.COMPRESSION.error();
            }
        }
    }

    private static void append(byte[] tail, MessageBuffer compressed) {
        if (!compressed.reserve(tail.length, (long) compressed.size() + tail.length)) {
            throw FrameRules.NO_ROOM.error();
        }
        System.arraycopy(tail, 0, compressed.bytes(), compressed.size(), tail.length);
        compressed.added(tail.length);
    }

    /// Inflates some more.
    ///
    /// @return false when there is none
    private boolean piece(Inflater inflater, MessageBuffer message, int most, long guess)
            throws DataFormatException {
        if (message.room() == 0 && !makeRoom(message, most, guess)) {
            if (inflater.inflate(probe, 0, 1) > 0) {
                throw FrameRules.MESSAGE_TOO_BIG.error();
            }
            return false;
        }
        int wanted = Math.min(PIECE, message.room());
        int had = inflater.inflate(message.bytes(), message.size(), wanted);
        message.added(had);
        if (had == PIECE) {
            contexts.takeTurns();
        }
        return had > 0;
    }

    private static boolean makeRoom(MessageBuffer message, int most, long guess) {
        if (message.size() == most) {
            return false;
        }
        int first = message.size() == 0 ? (int) Math.min(PIECE, Math.max(LEAST, guess)) : 1;
        if (!message.reserve(Math.min(first, most - message.size()), most)) {
            throw FrameRules.NO_ROOM.error();
        }
        return true;
    }

    private static int check(@Nullable Utf8 text, MessageBuffer message, int from) {
        if (text != null && !text.accepts(message.bytes(), from, message.size())) {
            throw FrameRules.TEXT.error();
        }
        return message.size();
    }

    private static void restart(
            Inflater inflater, MessageBuffer compressed, MessageBuffer message) {
        int rest = inflater.getRemaining();
        inflater.reset();
        int window = Math.min(WINDOW, message.size());
        inflater.setDictionary(message.bytes(), message.size() - window, window);
        if (rest > TAIL.length) {
            inflater.setInput(compressed.bytes(), compressed.size() - rest, rest);
        }
    }

    private Inflater borrow() {
        if (closed) {
            throw new IllegalStateException("this WebSocket is over");
        }
        Inflater mine = own;
        if (mine == null) {
            mine = contexts.inflater();
            own = takeover ? mine : null;
        }
        return mine;
    }

    private void giveBack(Inflater inflater) {
        if (!takeover) {
            contexts.giveBack(inflater);
        } else {
            // The array that it was given would live as long as the connection.
            inflater.setInput(MessageBuffer.NOTHING);
        }
    }

    void close() {
        closed = true;
        Inflater mine = own;
        own = null;
        if (mine != null) {
            contexts.giveBack(mine);
        }
    }
}
