package io.spvn.server.tls;

import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.asgi.Tls;
import io.spvn.bridge.exchange.Ledger;
import io.spvn.server.connection.Socket;
import io.spvn.server.connection.SocketOnTop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// A connection with TLS on top of one without. Until there is an engine, and after a handshake that
/// has failed, what is read and written passes as it is.
///
///     reader     reads records, opens them: one at a time, the engine's own lock is enough
///     writer     seals records and writes them, under [#output], which it holds while the client
///                does not read
///     others     write a record only where nobody writes, and only where there is surely room for
///                it; they never wait for that lock, nor do they close what a writer has begun
///
/// So the last word of TLS, the close_notify, is said by [#endOutput], and by a thread of its own
/// where a client has not taken all that is before it; a connection that is closed without it is one
/// that broke, which its client can tell. What the client's engine is owed while it reads nothing
/// (an answer to new keys) goes out before the next write.
///
/// Only the engine and its keys are held for as long as the connection lives; buffers are not.
final class TlsSocket extends SocketOnTop {
    /// What an engine holds between two records, beside what a plain connection does.
    static final int ENGINE = Ledger.CONNECTION;

    /// A small record goes into the system's buffer at once while no more than this is in it.
    private static final int SURE = 4 * 1024;

    /// Every record has a header of 5 and a tag of 16 bytes.
    private static final int LEAST_OVERHEAD = 21;

    /// How far a record is larger than what it holds, at most.
    private static final int SEAL = 64;

    /// Records without data that may come in a row: new keys, tickets, nothing at all.
    private static final int BARREN = 64;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Ledger ledger;
    private final RecordBuffers buffers;
    private final SealedInput input;
    private final ReentrantLock output = new ReentrantLock();
    private volatile @Nullable SSLEngine engine; // null while records pass as they are
    private volatile @Nullable Tls agreed;
    private volatile boolean outputEnded;
    private volatile @Nullable Thread lastWord; // says the end in its turn; null for none

    // The reader's.
    private boolean oldVersion;
    private boolean inputEnded;
    private int barren;
    private long entered;

    TlsSocket(Socket raw, Ledger ledger, RecordBuffers buffers) {
        super(raw);
        this.ledger = ledger;
        this.buffers = buffers;
        this.input = new SealedInput(raw, ledger);
    }

    // ---- reader, while the connection begins

    /// What has come.
    SealedInput input() {
        return input;
    }

    /// From now on records are the engine's.
    ///
    /// @return false when there is no room for it
    boolean begin(SSLEngine made) {
        if (!ledger.take(ENGINE)) {
            return false;
        }
        entered = ENGINE;
        engine = made;
        return true;
    }

    /// Opens a record of the handshake.
    Status openHandshake(SSLEngine begun) throws SSLException {
        SSLEngineResult result = begun.unwrap(input.bytes(), NOTHING);
        input.consumed(result.bytesConsumed());
        return result.getStatus();
    }

    /// All that the engine has to say is written.
    void writeHandshake(SSLEngine begun) throws SSLException {
        output.lock();
        try {
            writeOwed(begun);
        } finally {
            output.unlock();
        }
    }

    /// The handshake is done.
    void finish(Tls found, boolean isOldVersion) {
        agreed = found;
        oldVersion = isOldVersion;
    }

    /// The handshake has failed, or there is none: what is read and written passes as it is.
    void giveUp() {
        engine = null;
        ledger.giveBack(entered);
        entered = 0;
    }

    // ---- input

    @Override
    public byte @Nullable [] read() {
        SSLEngine current = engine;
        if (current == null) {
            return input.isEmpty() ? raw.read() : input.takeAll();
        }
        byte[] piece = null;
        while (piece == null && !inputEnded) {
            piece = next(current);
        }
        return piece;
    }

    /// The content of the next record, null when it has none.
    private byte @Nullable [] next(SSLEngine current) {
        try {
            if (!await()) {
                inputEnded = true;
                return null;
            }
            return open(current);
        } catch (SSLException broken) {
            tellIfFree(current);
            throw new UncheckedIOException(broken);
        }
    }

    /// Waits for a whole record.
    ///
    /// @return false when none comes any more; an end without a word is one as well, since HTTP
    ///   says where its messages end
    private boolean await() throws SSLException {
        if (!input.awaitRecord()) {
            return false;
        }
        // The engine of TLS 1.2 would end the output with the input (RFC 5246 section 7.2.1): the
        // answer would be lost.
        return !(oldVersion && input.type() == SealedInput.ALERT);
    }

    private byte @Nullable [] open(SSLEngine current) throws SSLException {
        byte[] content = new byte[Math.max(0, input.length() - LEAST_OVERHEAD)];
        SSLEngineResult result = current.unwrap(input.bytes(), ByteBuffer.wrap(content));
        input.consumed(result.bytesConsumed());
        if (result.getStatus() == Status.CLOSED) {
            endOfRecords();
            return null;
        }
        if (result.getStatus() != Status.OK) {
            throw new SSLException("record of unexpected size: " + result.getStatus());
        }
        int length = result.bytesProduced();
        if (length == 0) {
            noteBarren(current, result.getHandshakeStatus());
            return null;
        }
        barren = 0;
        ledger.add(Ledger.weight(length));
        return length == content.length ? content : Arrays.copyOf(content, length);
    }

    private void endOfRecords() {
        inputEnded = true;
        input.drop();
    }

    private void noteBarren(SSLEngine current, HandshakeStatus status) throws SSLException {
        if (++barren > BARREN) {
            throw new SSLException("too many records without data");
        }
        if (status == HandshakeStatus.NEED_TASK) {
            for (Runnable task = current.getDelegatedTask();
                    task != null;
                    task = current.getDelegatedTask()) {
                task.run();
            }
        }
        if (current.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            tellIfFree(current);
        }
    }

    @Override
    public void endInput() {
        input.drop();
        raw.endInput();
        ledger.giveBack(entered);
        entered = 0;
    }

    // ---- output

    @Override
    public void write(ByteBuffer bytes) {
        SSLEngine current = engine;
        if (current == null) {
            raw.write(bytes);
            return;
        }
        output.lock();
        try {
            seal(current, bytes);
        } catch (SSLException broken) {
            throw new UncheckedIOException(broken);
        } finally {
            output.unlock();
        }
    }

    private void seal(SSLEngine current, ByteBuffer content) throws SSLException {
        byte[] room = buffers.take();
        try {
            while (content.hasRemaining()) {
                SSLEngineResult result = current.wrap(content, ByteBuffer.wrap(room));
                if (result.getStatus() != Status.OK || isStuck(result)) {
                    throw new UncheckedIOException(new IOException("no more can be written"));
                }
                raw.write(ByteBuffer.wrap(room, 0, result.bytesProduced()));
            }
        } finally {
            buffers.giveBack(room);
        }
    }

    private static boolean isStuck(SSLEngineResult result) {
        return result.bytesConsumed() == 0 && result.bytesProduced() == 0;
    }

    /// Writes what the engine itself has to say: by who holds [#output].
    private void writeOwed(SSLEngine current) throws SSLException {
        byte[] room = new byte[2 * RecordBuffers.SIZE];
        ByteBuffer out = ByteBuffer.wrap(room);
        boolean more = true;
        while (more) {
            SSLEngineResult result = current.wrap(NOTHING, out);
            if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                raw.write(ByteBuffer.wrap(room, 0, out.position()));
                out.clear();
            } else {
                more =
                        result.getStatus() == Status.OK
                                && result.bytesProduced() > 0
                                && current.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
            }
        }
        if (out.position() > 0) {
            raw.write(ByteBuffer.wrap(room, 0, out.position()));
        }
    }

    /// Says what the engine has to say, unless that would be waited for.
    private void tellIfFree(SSLEngine current) {
        if (output.tryLock()) {
            try {
                if (raw.unacknowledged() < SURE) {
                    writeOwed(current);
                }
            } catch (SSLException | UncheckedIOException broken) {
                System.getLogger(TlsSocket.class.getName())
                        .log(System.Logger.Level.TRACE, "last word", broken);
            } finally {
                output.unlock();
            }
        }
    }

    @Override
    public void endOutput() {
        SSLEngine current = engine;
        if (current == null) {
            raw.endOutput();
            return;
        }
        if (!outputEnded && !endAtOnce(current)) {
            lastWord = Thread.startVirtualThread(() -> endInTurn(current));
        }
    }

    @Override
    public void awaitOutputEnd() throws InterruptedException {
        Thread speaker = lastWord;
        if (speaker != null) {
            speaker.join();
        }
    }

    /// @return false when that would be waited for
    private boolean endAtOnce(SSLEngine current) {
        if (!output.tryLock()) {
            return false;
        }
        try {
            boolean isFree = raw.unacknowledged() < SURE;
            if (isFree) {
                end(current);
            }
            return isFree;
        } finally {
            output.unlock();
        }
    }

    /// A thread of its own: the client has not taken yet what comes before. It ends when it takes
    /// that, or when the connection is closed.
    private void endInTurn(SSLEngine current) {
        output.lock();
        try {
            end(current);
        } catch (UncheckedIOException broken) {
            System.getLogger(TlsSocket.class.getName())
                    .log(System.Logger.Level.TRACE, "end of the output", broken);
        } finally {
            output.unlock();
        }
    }

    private void end(SSLEngine current) {
        if (outputEnded) {
            return;
        }
        outputEnded = true;
        current.closeOutbound();
        try {
            writeOwed(current);
        } catch (SSLException broken) {
            throw new UncheckedIOException(broken);
        }
        raw.endOutput();
    }

    // ---- any thread

    /// What the seal of a record takes counts as well, since who asks is about to write one.
    @Override
    public long unacknowledged() {
        return raw.unacknowledged() + SEAL;
    }

    @Override
    public Peers peers() {
        Peers plain = raw.peers();
        return new Peers("https", plain.client(), plain.server(), agreed);
    }
}
