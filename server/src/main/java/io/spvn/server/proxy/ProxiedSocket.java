package io.spvn.server.proxy;

import io.spvn.bridge.asgi.FileRange;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.exchange.Ledger;
import io.spvn.server.connection.Socket;
import io.spvn.server.connection.SocketOnTop;
import io.spvn.server.proxy.ProxyHeader.Malformed;
import io.spvn.server.proxy.ProxyHeader.Said;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A connection that a proxy has made for a client: it begins with a header that says for whom, and
/// its ends are the ones that this names. Where it names no address, those of the proxy stay, but
/// who speaks is not known: haproxy sends LOCAL for its own checks and for clients alike that have
/// come to it through a Unix socket. The header is taken from what the reader reads first.
final class ProxiedSocket extends SocketOnTop {
    private static final byte[] NOTHING = {};

    private final ProxyProtocol protocol;
    private final Ledger ledger;
    private volatile @Nullable Peers named; // null where the header names nobody, and before it
    private byte[] ahead = NOTHING; // the reader's: what has come and was not read

    ProxiedSocket(Socket raw, ProxyProtocol protocol, Ledger ledger) {
        super(raw);
        this.protocol = protocol;
        this.ledger = ledger;
    }

    /// Reads the header, to be called before anything else is read. Blocks until it is complete.
    ///
    /// @param onBegun called when a part of it has come, and a part has not
    /// @return false when nothing has come before the end of the input
    Said readHeader(Runnable onBegun) throws Malformed {
        Said said = new Said.Unfinished();
        while (said instanceof Said.Unfinished) {
            if (!fill()) {
                return said;
            }
            said = ProxyHeader.parse(ahead, ahead.length);
            requireVersion();
            if (said instanceof Said.Unfinished) {
                onBegun.run();
            }
        }
        switch (said) {
            case Said.Own(int end) -> consume(end);
            case Said.Of(int end, var client, var server) -> {
                consume(end);
                named = new Peers(raw.peers().scheme(), client, server);
            }
            case Said.Unfinished() -> {}
        }
        return said;
    }

    private void requireVersion() throws Malformed {
        int version = ProxyHeader.version(ahead[0]);
        if (!protocol.takes(version)) {
            throw new Malformed("PROXY header of version " + version + ", not as --proxy-protocol");
        }
    }

    /// Whether a part of a header has come.
    boolean hasBegun() {
        return ahead.length > 0;
    }

    private boolean fill() {
        byte[] piece = raw.read();
        if (piece == null) {
            return false;
        }
        if (ahead.length == 0) {
            ahead = piece;
        } else {
            int before = ahead.length;
            keep(Arrays.copyOf(ahead, before + piece.length));
            System.arraycopy(piece, 0, ahead, before, piece.length);
            ledger.giveBack(Ledger.weight(piece.length));
        }
        return true;
    }

    private void consume(int end) {
        keep(end == ahead.length ? NOTHING : Arrays.copyOfRange(ahead, end, ahead.length));
    }

    private void keep(byte[] next) {
        ledger.add(Ledger.weight(next.length));
        ledger.giveBack(Ledger.weight(ahead.length));
        ahead = next;
    }

    @Override
    public byte @Nullable [] read() {
        if (ahead.length == 0) {
            return raw.read();
        }
        byte[] piece = ahead;
        ahead = NOTHING;
        return piece;
    }

    @Override
    public void endInput() {
        keep(NOTHING);
        raw.endInput();
    }

    @Override
    public Peers peers() {
        Peers told = named;
        return told == null ? raw.peers() : told;
    }

    @Override
    public boolean isClientKnown() {
        Peers told = named;
        return told != null && told.client() != null;
    }

    // ---- the same as without a header

    @Override
    public void write(ByteBuffer bytes) {
        raw.write(bytes);
    }

    @Override
    public void write(FileRange file, long from, int count) {
        raw.write(file, from, count);
    }

    @Override
    public void endOutput() {
        raw.endOutput();
    }

    @Override
    public void awaitOutputEnd() throws InterruptedException {
        raw.awaitOutputEnd();
    }
}
