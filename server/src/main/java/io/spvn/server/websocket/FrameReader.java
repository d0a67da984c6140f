package io.spvn.server.websocket;

import io.spvn.bridge.asgi.CloseCode;
import io.spvn.bridge.exchange.Ledger;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Makes out what a client sends, however it is cut into reads:
///
///     Received next = reader.read(input.buffer(), input.from(), input.to());
///     input.consumedTo(reader.position());
///     // null: all has been taken, read on
///
/// It keeps nothing of the array it is given. Of a message that has not come to its end it holds
/// what has come, entered in the ledger and bounded by the size of a message; between two messages
/// it holds nothing. Compressed messages are collected as they are, and inflated at their end: so a
/// client that stops within one holds no inflater, and a bomb is stopped where its message gets too
/// big.
///
/// Nothing is thrown for what the client sent: a rule that is broken is a [Received.Failure], the
/// last thing that is received, as a [Received.Close] is; what comes behind either is dropped. A
/// client may expect answers to what it said before it broke a rule, so a failure goes the way of
/// the messages, behind them in the same queue, and the close frame that tells the client of it is
/// written when all that stood before has been taken, or has not been for a second.
///
/// The reader's thread only, [#close] as well.
public final class FrameReader {
    /// Largest message that can be allowed.
    public static final int MOST = 1 << 30;

    /// A message may have so many fragments, and some more by its size: not so many that it never
    /// ends, nor so few that who sends word by word is refused.
    private static final int FREE_FRAGMENTS = 16 * 1024;

    private static final int BYTES_PER_FRAGMENT = 16;

    private final int maxMessage;
    private final @Nullable MessageInflater inflater;
    private final FrameHead head;
    private final MessageBuffer message;
    private final Utf8 text = new Utf8();
    private byte[] control = MessageBuffer.NOTHING; // while one comes
    private int position;
    private boolean over;

    /// Of the frame at hand: what is left of its payload.
    private long left;

    /// Of the message at hand: [Opcode#CONTINUATION] when there is none.
    private int type = Opcode.CONTINUATION;

    private boolean compressed;
    private long fragments;

    /// @param maxMessage bytes, when it is not compressed any more
    /// @param deflate what was agreed on, null for no compression; not closed here
    public FrameReader(Ledger ledger, int maxMessage, @Nullable PerMessageDeflate deflate) {
        if (maxMessage < 0 || maxMessage > MOST) {
            throw new IllegalArgumentException("maxMessage is out of range: " + maxMessage);
        }
        this.maxMessage = maxMessage;
        this.inflater = deflate == null ? null : deflate.inflater();
        this.head = new FrameHead(deflate != null);
        this.message = new MessageBuffer(ledger);
    }

    /// Reads on in a piece of what the client sent.
    ///
    /// @return null when there is nothing whole in it any more
    public @Nullable Received read(byte[] buffer, int from, int to) {
        position = from;
        if (over) {
            position = to;
            return null;
        }
        try {
            return next(buffer, to);
        } catch (ProtocolError broken) {
            close();
            return new Received.Failure(broken.rule());
        }
    }

    /// Where the last [#read] stopped.
    public int position() {
        return position;
    }

    /// Bytes of the heap that a message holds which has not come to its end.
    public int held() {
        return message.bytes().length;
    }

    /// Gives back what it holds. Nothing is received any more.
    public void close() {
        over = true;
        message.drop();
    }

    private @Nullable Received next(byte[] buffer, int to) {
        @Nullable Received received = null;
        while (received == null) {
            if (!head.complete()) {
                position = head.read(buffer, position, to);
                if (!head.complete()) {
                    return null;
                }
                begin();
            }
            payload(buffer, (int) Math.min(left, to - position));
            if (left > 0) {
                return null;
            }
            received = head.isControl() ? control() : data();
            head.reset();
        }
        return received;
    }

    private void begin() {
        left = head.length();
        if (head.isControl()) {
            control = new byte[(int) left];
            return;
        }
        if (head.isContinuation()) {
            continueMessage();
        } else {
            beginMessage();
        }
        if (left > most() - message.size()) {
            throw FrameRules.MESSAGE_TOO_BIG.error();
        }
    }

    private void beginMessage() {
        if (type != Opcode.CONTINUATION) {
            throw FrameRules.MESSAGE_IN_MESSAGE.error();
        }
        type = head.opcode();
        compressed = head.compressed();
        fragments = 0;
        text.reset();
    }

    private void continueMessage() {
        if (type == Opcode.CONTINUATION) {
            throw FrameRules.NOTHING_TO_CONTINUE.error();
        }
        if (++fragments > FREE_FRAGMENTS + message.size() / BYTES_PER_FRAGMENT) {
            throw FrameRules.TOO_MANY_FRAGMENTS.error();
        }
    }

    /// Bytes of the message at hand, as it is sent: what cannot be compressed gets a little larger
    /// by it.
    private long most() {
        return compressed ? MessageDeflater.mostOf(maxMessage) : maxMessage;
    }

    private void payload(byte[] buffer, int length) {
        if (head.isControl()) {
            unmask(buffer, control, (int) (head.length() - left), length);
        } else if (length > 0) {
            collect(buffer, length);
        }
        left -= length;
        position += length;
    }

    private void collect(byte[] buffer, int length) {
        int at = message.size();
        int tail = compressed ? MessageInflater.TAIL.length : 0;
        if (!message.reserve(length + tail, tail + (head.fin() ? at + left : most()))) {
            throw FrameRules.NO_ROOM.error();
        }
        unmask(buffer, message.bytes(), at, length);
        message.added(length);
        if (isPlainText() && !text.accepts(message.bytes(), at, at + length)) {
            throw FrameRules.TEXT.error();
        }
    }

    private void unmask(byte[] buffer, byte[] target, int at, int length) {
        Mask.remove(head.mask(), head.length() - left, buffer, position, target, at, length);
    }

    private boolean isPlainText() {
        return type == Opcode.TEXT && !compressed;
    }

    private @Nullable Received data() {
        if (!head.fin()) {
            return null;
        }
        byte[] whole = whole();
        boolean isText = type == Opcode.TEXT;
        type = Opcode.CONTINUATION;
        return isText ? new Received.Text(whole) : new Received.Binary(whole);
    }

    private byte[] whole() {
        if (compressed && inflater != null) {
            return inflater.inflate(message, maxMessage, type == Opcode.TEXT ? text : null);
        }
        if (isPlainText() && !text.isWhole()) {
            throw FrameRules.TEXT.error();
        }
        return message.take();
    }

    private Received control() {
        byte[] data = control;
        control = MessageBuffer.NOTHING;
        return switch (head.opcode()) {
            case Opcode.PING -> new Received.Ping(data);
            case Opcode.PONG -> new Received.Pong(data);
            default -> closing(data);
        };
    }

    private Received closing(byte[] data) {
        int length = data.length;
        if (length == 1) {
            throw FrameRules.CLOSE_CODE_CUT.error();
        }
        int code =
                length == 0
                        ? CloseCode.NO_STATUS.code()
                        : (data[0] & 0xFF) << Byte.SIZE | (data[1] & 0xFF);
        if (length > 0 && !CloseCode.mayBeSent(code)) {
            throw FrameRules.CLOSE_CODE.error();
        }
        int from = Math.min(length, Short.BYTES);
        if (!Utf8.isValid(data, from, length)) {
            throw FrameRules.CLOSE_REASON.error();
        }
        close();
        return new Received.Close(
                code, new String(data, from, length - from, StandardCharsets.UTF_8));
    }
}
