package io.spvn.loadtest.attack;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// One of the connections of an attack: it sends one request at a time, and opens a socket when it
/// has none. All of it runs on the event loop.
///
///     CLOSED --open--> CONNECTING --> IDLE --begin--> BUSY --response--> IDLE
///        ^                 |                            |
///        +-----------------+--------- failure ----------+
final class Connection {
    /// What becomes of connections and of their requests.
    interface Events {
        /// The connection is open, and has no request.
        void opened(Connection connection);

        /// The connection could not be opened, and had no request.
        void notOpened(Connection connection);

        /// The request is answered.
        void answered(Connection connection, int status);

        /// The request got no response.
        void failed(Connection connection, ErrorKind kind);
    }

    private enum State {
        CLOSED,
        CONNECTING,
        IDLE,
        BUSY
    }

    private final Wire wire;
    private final Events events;
    private final ByteBuffer request;
    private final ResponseReader response;
    private State state = State.CLOSED;
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private boolean hasRequest;

    /// When the request was due, and when this connection took it. Nanoseconds after the start.
    long due;

    long begun;

    /// When this connection's last request ended.
    long free;

    /// Neighbours in [InFlight].
    @Nullable Connection older;

    @Nullable Connection newer;

    Connection(Wire wire, Events events) {
        this.wire = wire;
        this.events = events;
        this.request = wire.request();
        this.response = new ResponseReader(wire.head());
    }

    /// Opens the socket, without a request.
    void open() {
        try {
            connect();
        } catch (IOException e) {
            fail(e);
        }
    }

    /// Takes a request, and sends it as soon as the socket is open.
    void begin(long due, long now) {
        this.due = due;
        begun = now;
        hasRequest = true;
        request.rewind();
        try {
            if (state == State.IDLE) {
                send();
            } else {
                connect();
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    private void connect() throws IOException {
        state = State.CONNECTING;
        SocketChannel opened = SocketChannel.open();
        channel = opened;
        opened.configureBlocking(false);
        opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
        boolean connected = opened.connect(wire.address());
        key = opened.register(wire.selector(), SelectionKey.OP_CONNECT, this);
        if (connected) {
            connected();
        }
    }

    private void connected() throws IOException {
        if (wire.address().equals(channel().getLocalAddress())) {
            throw new ConnectException("refused: nobody listens, and the socket met itself");
        }
        interest(SelectionKey.OP_READ);
        state = State.IDLE;
        if (hasRequest) {
            send();
        } else {
            events.opened(this);
        }
    }

    private void send() throws IOException {
        state = State.BUSY;
        response.begin();
        write();
        if (request.hasRemaining()) {
            interest(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    private void write() throws IOException {
        wire.bytesSent(channel().write(request));
    }

    /// The selector has found something to do.
    void ready(SelectionKey selected) {
        try {
            if (selected.isConnectable() && channel().finishConnect()) {
                connected();
                return;
            }
            if (selected.isReadable()) {
                read();
            }
            if (selected.isValid() && selected.isWritable()) {
                continueWriting();
            }
        } catch (MalformedResponse _) {
            fail(ErrorKind.MALFORMED);
        } catch (IOException e) {
            fail(e);
        }
    }

    private void continueWriting() throws IOException {
        write();
        if (!request.hasRemaining()) {
            interest(SelectionKey.OP_READ);
        }
    }

    private void read() throws IOException, MalformedResponse {
        ByteBuffer bytes = wire.readBuffer();
        int count = channel().read(bytes.clear());
        if (state != State.BUSY) {
            close();
        } else if (count < 0) {
            ended();
        } else {
            wire.bytesReceived(count);
            if (response.read(bytes.flip())) {
                answered(response.keepsConnection() && !wire.once() && !bytes.hasRemaining());
            }
        }
    }

    private void ended() {
        if (response.endsWithConnection()) {
            answered(false);
        } else {
            fail(ErrorKind.CLOSED);
        }
    }

    /// A request whose response came before all of it was sent leaves a connection nobody can use.
    private void answered(boolean reusable) {
        hasRequest = false;
        state = State.IDLE;
        if (!reusable || request.hasRemaining()) {
            close();
        }
        events.answered(this, response.status());
    }

    private void fail(IOException e) {
        fail(kind(e));
    }

    /// Gives up to open the socket, if that is still under way.
    void giveUpOpening() {
        if (state == State.CONNECTING) {
            fail(ErrorKind.UNREACHABLE);
        }
    }

    /// Gives the request up. An idle connection that breaks has none, and nobody need know.
    void fail(ErrorKind kind) {
        boolean opening = state == State.CONNECTING;
        close();
        if (hasRequest) {
            hasRequest = false;
            events.failed(this, kind);
        } else if (opening) {
            events.notOpened(this);
        }
    }

    private ErrorKind kind(IOException e) {
        if (e instanceof ConnectException) {
            return String.valueOf(e.getMessage()).contains("timed out")
                    ? ErrorKind.UNREACHABLE
                    : ErrorKind.REFUSED;
        }
        return state == State.CONNECTING ? ErrorKind.UNREACHABLE : ErrorKind.RESET;
    }

    void close() {
        state = State.CLOSED;
        SocketChannel open = channel;
        channel = null;
        key = null;
        if (open != null) {
            closeQuietly(open);
        }
    }

    /// Also a close that reports an error has given the descriptor back.
    private static void closeQuietly(SocketChannel open) {
        try {
            open.close();
        } catch (IOException _) {
            return;
        }
    }

    private void interest(int operations) {
        SelectionKey registered = key;
        if (registered != null) {
            registered.interestOps(operations);
        }
    }

    private SocketChannel channel() throws IOException {
        SocketChannel open = channel;
        if (open == null) {
            throw new IOException("the connection is closed");
        }
        return open;
    }
}
