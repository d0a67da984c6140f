package io.spvn.server.http2;

import io.spvn.server.connection.Connection;
import io.spvn.server.connection.Due;
import io.spvn.server.connection.Ending;
import io.spvn.server.connection.SocketInput;
import org.jspecify.annotations.Nullable;

/// Reads what the client says, frame after frame, and has each done what it asks for: requests by
/// [Requests], the rest here. Never waits for anything but the client. The reader's thread.
final class Http2Reader {
    /// More window than this is no dribble.
    private static final int DECENT_WINDOW = 1024;

    private final Connection connection;
    private final Http2Connection owner;
    private final Ending ending;
    private final SocketInput input;
    private final FrameReader frames;
    private final Requests requests;
    private final Budgets budgets;
    private final Streams streams;
    private final Http2Writer writer;
    private int received; // bytes of DATA for which the connection has not got window back
    private boolean clockRuns;
    private boolean advanced; // a frame or a field block has been taken since the clock was set
    private boolean greeted; // the client has said what it is like

    Http2Reader(Connection connection, Http2 http, Http2Connection owner) {
        this.connection = connection;
        this.owner = owner;
        this.ending = connection.ending();
        this.input = connection.input();
        this.frames = new FrameReader(input);
        this.budgets = owner.budgets();
        this.streams = owner.streams();
        this.writer = owner.writer();
        this.requests = new Requests(connection, http, owner);
    }

    /// Reads until the connection is over.
    ///
    /// @return false when the client has ended its side before
    boolean readAll() throws Http2Error, InterruptedException {
        ending.expect(Due.HEAD);
        clockRuns = true;
        boolean begun = false;
        while (!owner.isOver()) {
            begun = begun || readPreface();
            while (begun && step()) {
                if (owner.isSwamped()) {
                    ending.breakOff();
                }
            }
            requests.submit();
            if (!setClock(begun)) {
                return true; // its time was up, and it is being told
            }
            writer.writeIfAny();
            if (!input.fill()) {
                return false;
            }
            connection.clock().arrived();
        }
        return true;
    }

    /// RFC 9113 3.4.
    ///
    /// @return whether it is there
    private boolean readPreface() throws Http2Error {
        int matching = Preface.matching(input);
        if (matching == Preface.BYTES.length) {
            input.consumedTo(input.from() + matching);
            return true;
        }
        if (matching < input.to() - input.from()) {
            throw error(ErrorCode.PROTOCOL_ERROR, "that is not the preface of HTTP/2");
        }
        return false;
    }

    /// The time for a head, or for a frame, runs from its first byte and is not extended by the
    /// next ones. That of a body is the body's affair.
    ///
    /// @return false when the time was up
    private boolean setClock(boolean begun) {
        boolean owes =
                !begun
                        || requests.isOpen()
                        || (frames.dataLeft() == 0 && !input.isEmpty() && !isBody());
        if (clockRuns && (!owes || advanced)) {
            if (!connection.clock().stop()) {
                return false;
            }
            clockRuns = false;
        }
        advanced = false;
        if (!owes) {
            streams.expectNext();
        } else if (!clockRuns) {
            clockRuns = true;
            ending.expect(Due.HEAD);
        }
        return true;
    }

    /// Whether what is here is the head of a DATA frame, as far as can be told.
    private boolean isBody() {
        return input.to() - input.from() > 3 && input.buffer()[input.from() + 3] == 0;
    }

    /// Takes what is here of a frame.
    ///
    /// @return false when there is nothing to take
    private boolean step() throws Http2Error, InterruptedException {
        try {
            if (frames.dataLeft() > 0) {
                return takeData();
            }
            if (!frames.next()) {
                return false;
            }
            take();
            frames.done();
            advanced |= !requests.isOpen();
        } catch (Http2Error error) {
            frames.done();
            if (error.stream() == 0) {
                throw error;
            }
            reset(error);
        }
        return true;
    }

    /// The server resets a stream for what its client has sent (RFC 9113 5.4.2).
    private void reset(Http2Error error) throws Http2Error {
        budgets.spend(Budgets.Kind.MADE_RESET, System.nanoTime());
        connection.refused(error.reason(), error.text());
        requests.reset(error.stream(), error.code());
    }

    private void take() throws Http2Error, InterruptedException {
        int type = frames.type();
        if (!greeted && type != FrameType.SETTINGS) {
            throw error(ErrorCode.PROTOCOL_ERROR, "the first frame is not SETTINGS");
        }
        if (requests.isOpen()
                && (type != FrameType.CONTINUATION || frames.stream() != requests.stream())) {
            throw error(ErrorCode.PROTOCOL_ERROR, "a frame within a field block");
        }
        switch (type) {
            case FrameType.DATA -> beginData();
            case FrameType.HEADERS -> requests.headers(frames);
            case FrameType.CONTINUATION -> requests.continuation(frames);
            case FrameType.PRIORITY -> priority();
            case FrameType.RST_STREAM -> resetByClient();
            case FrameType.SETTINGS -> settings();
            case FrameType.PUSH_PROMISE ->
                    throw error(ErrorCode.PROTOCOL_ERROR, "clients do not push");
            case FrameType.PING -> ping();
            case FrameType.GOAWAY -> owner.last();
            case FrameType.WINDOW_UPDATE -> windowUpdate();
            case FrameType.PRIORITY_UPDATE -> priorityUpdate();
            default -> budgets.spend(Budgets.Kind.UNKNOWN, System.nanoTime());
        }
    }

    private static Http2Error error(ErrorCode code, String message) {
        return Http2Error.ofConnection(code, message);
    }

    private void beginData() throws Http2Error, InterruptedException {
        int id = frames.stream();
        if (streams.isIdle(id)) {
            throw error(ErrorCode.PROTOCOL_ERROR, "DATA of a stream that is idle");
        }
        int length = frames.length();
        received += length;
        if (received > ReceiveWindow.OF_CONNECTION) {
            throw error(ErrorCode.FLOW_CONTROL_ERROR, "more DATA than there is window for");
        }
        if (received >= ReceiveWindow.OF_CONNECTION / 2) {
            writer.add(new Control.WindowUpdate(0, received));
            received = 0;
        }
        int padding = frames.padding() + (frames.has(Flags.PADDED) ? 1 : 0);
        if (padding > 0) {
            budgets.spend(Budgets.Kind.PADDING, padding, System.nanoTime());
        }
        if (length == padding && !frames.has(Flags.END_STREAM)) {
            budgets.spend(Budgets.Kind.EMPTY_DATA, System.nanoTime());
        }
        Http2Stream stream = streams.get(id);
        if (stream == null || !stream.state().takesMore()) {
            dataOfClosed(id, stream);
            return;
        }
        if (padding > 0) {
            stream.body().data(frames.buffer(), 0, 0, padding);
        }
        if (length == padding && frames.has(Flags.END_STREAM)) {
            stream.body().end();
        }
    }

    /// The client may not know yet that the server has reset it.
    private void dataOfClosed(int id, @Nullable Http2Stream stream) throws Http2Error {
        boolean halfClosed = stream != null && stream.state() == StreamState.HALF_CLOSED_REMOTE;
        if (halfClosed || !streams.wasReset(id)) {
            throw Http2Error.ofStream(id, ErrorCode.STREAM_CLOSED, "DATA of a stream that is over");
        }
        if (frames.length() < DECENT_WINDOW) {
            budgets.spend(Budgets.Kind.EMPTY_DATA, System.nanoTime());
        }
    }

    /// Passes on what is here of a DATA frame.
    private boolean takeData() throws Http2Error, InterruptedException {
        int here = frames.contentHere();
        if (here > 0) {
            Http2Stream stream = streams.get(frames.stream());
            boolean wanted = stream != null && stream.state().takesMore();
            if (wanted && stream != null) {
                try {
                    stream.body().data(input.buffer(), input.from(), here, 0);
                } finally {
                    frames.took(here);
                }
                if (frames.dataLeft() == frames.padding() && frames.has(Flags.END_STREAM)) {
                    stream.body().end();
                }
            } else {
                frames.took(here);
            }
        }
        int before = frames.dataLeft();
        frames.skipPadding();
        return here > 0 || frames.dataLeft() < before;
    }

    private void priority() throws Http2Error {
        budgets.spend(Budgets.Kind.PRIORITY, System.nanoTime());
        int dependency = FrameReader.int32(frames.buffer(), frames.from()) & Integer.MAX_VALUE;
        if (dependency == frames.stream()) {
            throw Http2Error.ofStream(
                    frames.stream(), ErrorCode.PROTOCOL_ERROR, "a stream that depends on itself");
        }
    }

    /// RFC 9218 7.1.
    private void priorityUpdate() throws Http2Error {
        budgets.spend(Budgets.Kind.PRIORITY, System.nanoTime());
        int id = FrameReader.int32(frames.buffer(), frames.from()) & Integer.MAX_VALUE;
        if (id == 0) {
            throw error(ErrorCode.PROTOCOL_ERROR, "the priority of stream 0");
        }
        Priority priority = Priority.parse(frames.buffer(), frames.from() + 4, frames.to());
        Http2Stream stream = streams.get(id);
        if (stream != null) {
            stream.prioritize(priority);
        } else if (streams.isIdle(id)) {
            requests.expect(id, priority);
        }
    }

    private void resetByClient() throws Http2Error {
        int id = frames.stream();
        if (streams.isIdle(id)) {
            throw error(ErrorCode.PROTOCOL_ERROR, "RST_STREAM of a stream that is idle");
        }
        budgets.spend(Budgets.Kind.RESET, System.nanoTime());
        Http2Stream stream = streams.get(id);
        if (stream != null) {
            stream.broken();
        }
    }

    private void settings() throws Http2Error {
        greeted = true;
        if (frames.has(Flags.ACK)) {
            owner.acknowledged();
            return;
        }
        budgets.spend(Budgets.Kind.SETTINGS, System.nanoTime());
        PeerSettings peer = owner.peer();
        long growth = peer.read(frames.buffer(), frames.from(), frames.to());
        if (growth != 0) {
            for (Http2Stream stream : streams.all()) {
                if (!stream.give(growth)) {
                    throw error(ErrorCode.FLOW_CONTROL_ERROR, "INITIAL_WINDOW_SIZE is too large");
                }
            }
        }
        writer.add(new Control.SettingsAck(peer.tableSize()));
    }

    private void ping() throws Http2Error {
        byte[] buffer = frames.buffer();
        long high = FrameReader.int32(buffer, frames.from()) & 0xFFFF_FFFFL;
        long data = (high << 32) | (FrameReader.int32(buffer, frames.from() + 4) & 0xFFFF_FFFFL);
        budgets.spend(Budgets.Kind.PING, System.nanoTime());
        if (frames.has(Flags.ACK)) {
            owner.ponged(data);
        } else {
            writer.add(new Control.Ping(data, true));
        }
    }

    private void windowUpdate() throws Http2Error {
        int id = frames.stream();
        int increment = FrameReader.int32(frames.buffer(), frames.from()) & Integer.MAX_VALUE;
        if (id != 0 && streams.isIdle(id)) {
            throw error(ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of a stream that is idle");
        }
        Http2Stream stream = streams.get(id);
        if (increment < DECENT_WINDOW || (id != 0 && stream == null)) {
            budgets.spend(Budgets.Kind.WINDOW_UPDATE, System.nanoTime());
        }
        boolean legal = increment > 0;
        if (id == 0) {
            legal = legal && writer.give(increment);
        } else if (stream != null) {
            legal = legal && stream.give(increment);
        } else {
            return;
        }
        if (!legal) {
            ErrorCode code =
                    increment == 0 ? ErrorCode.PROTOCOL_ERROR : ErrorCode.FLOW_CONTROL_ERROR;
            String message = "WINDOW_UPDATE by " + increment;
            throw id == 0 ? error(code, message) : Http2Error.ofStream(id, code, message);
        }
    }

    /// Gives back what it holds.
    void close() {
        requests.close();
    }
}
