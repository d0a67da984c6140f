package io.spvn.server.http2;

import io.spvn.bridge.exchange.Combiner;
import io.spvn.server.connection.Connection;
import io.spvn.server.connection.WireBuffer;
import io.spvn.server.http.HttpError;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The way out of a connection: what the server says beside the streams, then the streams, a turn
/// after the other, as far as their windows allow.
///
/// Whoever comes first writes what all have, and the others return at once, so nobody waits for
/// another, and many small responses make one write. Who may not wait for the client writes only
/// what it surely takes at once, and hands the turn over to a thread of its own with the rest:
///
///     who                       how
///     responder                 [#write], blocks while the client does not read
///     worker                    [#writeAtOnce], does nothing where it would have to wait
///     reader                    [#writeSoon], before it waits for the client
///     registry, others          [#nudge], another thread writes
///
/// What is under the turn is handed from one to the next by [#turns].
final class Http2Writer {
    /// What a writer that may not wait puts into a socket's buffer at most, and how much of a
    /// stream in a frame.
    private static final int SOON = 8 * 1024;

    private static final int PIECE = 16 * 1024;
    private static final int SURE = 14 * 1024;
    private static final int ENCODER_TABLE = 1024;

    private final Connection connection;
    private final Http2 http;
    private final Http2Connection owner;
    private final Combiner turns = new Combiner();
    private final Queue<Control> controls = new ConcurrentLinkedQueue<>();
    private final Schedule schedule = new Schedule();
    private final SendWindow window = new SendWindow(SendWindow.INITIAL);
    private boolean given; // the reader's: streams that were barred have window

    // Of who has the turn.
    private final HpackEncoder encoder = new HpackEncoder(ENCODER_TABLE);
    private final Block block = new Block();
    private final List<Http2Stream> written = new ArrayList<>();

    /// A client that asks as soon as it has an answer keeps a turn going; what it has is not to
    /// count as open for as long.
    private final int mostUntold;

    Http2Writer(Connection connection, Http2 http, Http2Connection owner) {
        this.connection = connection;
        this.http = http;
        this.owner = owner;
        this.mostUntold = Math.max(1, http.maxStreams / 4);
    }

    // ---- any thread

    /// Something is to be said, behind what was asked for before; by whoever writes next.
    void add(Control control) {
        controls.add(control);
    }

    /// A stream has something to write, by whoever writes next.
    void enter(Http2Stream stream) {
        schedule.enter(stream);
    }

    /// What may be sent on all streams together.
    SendWindow window() {
        return window;
    }

    /// Reader: the client gives the connection window.
    ///
    /// @return false when that is more than there can be
    boolean give(long bytes) {
        boolean legal = window.give(bytes);
        given |= schedule.hasBarred();
        return legal;
    }

    /// Writes all there is; blocks while the client does not read.
    void write() {
        if (turns.take()) {
            finishTurn();
        }
    }

    /// Writes what there is, unless that might have to wait.
    ///
    /// @return false when nothing was done
    boolean writeAtOnce() {
        if (!turns.isTaken() && !connection.output().takesAtOnce(SURE)) {
            return false;
        }
        writeSoon();
        return true;
    }

    /// Reader: the same, if there is anything.
    void writeIfAny() {
        if (given || !controls.isEmpty() || schedule.hasArrivals()) {
            given = false;
            writeSoon();
        }
    }

    /// Writes what there is, and does not wait: what the client may not take at once is for another
    /// thread.
    void writeSoon() {
        if (turns.take()
                && !(connection.output().takesAtOnce(SURE) && turns.finish(() -> pass(SOON)))) {
            handOver();
        }
    }

    /// Has another thread write what there is.
    void nudge() {
        if (turns.take()) {
            handOver();
        }
    }

    private void handOver() {
        Thread.ofVirtual().name("http2").start(this::finishTurn);
    }

    private void finishTurn() {
        boolean _ = turns.finish(() -> pass(Integer.MAX_VALUE));
    }

    // ---- who has the turn

    /// @param most bytes, about
    /// @return false when there is more
    private boolean pass(int most) {
        boolean all = true;
        try {
            if (owner.isBroken()) {
                clear();
            } else {
                all = write(most);
                tellWritten();
                owner.finishIfDone();
            }
        } catch (UncheckedIOException broken) {
            connection.ending().breakOff();
            clear();
        } catch (RuntimeException | Error failure) {
            connection.ending().breakOff();
            clear();
            throw failure;
        }
        return all;
    }

    private boolean write(int most) {
        boolean[] all = {true};
        http.buffers.use(connection.output(), out -> all[0] = write(out, most));
        return all[0];
    }

    private boolean write(WireBuffer out, int most) {
        FrameWriter frames = new FrameWriter(out);
        int piece = Math.min(most, PIECE);
        if (window.left() > 0) {
            schedule.unbar();
        }
        while (true) {
            for (Control next = controls.poll(); next != null; next = controls.poll()) {
                write(next, frames);
            }
            if (out.size() >= most && !schedule.isEmpty()) {
                return false;
            }
            Http2Stream next = schedule.next();
            if (next == null) {
                return true;
            }
            if (most == SOON && next.worksLong()) {
                schedule.again(next);
                return false;
            }
            turn(next, frames, piece);
            if (written.size() >= mostUntold) {
                out.flush();
                tellWritten();
            }
        }
    }

    private void turn(Http2Stream stream, FrameWriter frames, int piece) {
        stream.leaveSchedule();
        switch (stream.write(frames, piece)) {
            case MORE -> {
                if (stream.enterSchedule()) {
                    schedule.again(stream);
                }
            }
            case BARRED -> {
                schedule.bar(stream);
                if (window.left() > 0) {
                    schedule.unbar(); // the reader may not have seen it there
                }
            }
            case NOTHING -> {}
            case WRITTEN -> written.add(stream);
        }
    }

    private void write(Control control, FrameWriter frames) {
        switch (control) {
            case Control.Greeting() -> http.greet(frames);
            case Control.SettingsAck(int tableSize) -> {
                if (tableSize != Control.SettingsAck.UNSAID) {
                    encoder.tableSize(tableSize);
                }
                frames.settingsAck();
            }
            case Control.Ping(long data, boolean ack) -> frames.ping(data, ack);
            case Control.WindowUpdate(int stream, int increment) ->
                    frames.windowUpdate(stream, increment);
            case Control.Reset(int stream, ErrorCode code) -> frames.reset(stream, code);
            case Control.GoAway(int last, ErrorCode code, String why) ->
                    frames.goAway(last, code, why);
            case Control.Answer answer -> answer(answer, frames);
        }
    }

    /// With the text of the error as far as there is window for it.
    private void answer(Control.Answer answer, FrameWriter frames) {
        HttpError error = answer.error();
        long length = error.text().length();
        boolean told =
                !answer.head() && Math.min(window.left(), owner.peer().initialWindow()) >= length;
        Fields fields = begin(error.status());
        fields.put(error.headers());
        fields.length(told || answer.head() ? length : 0);
        fields.defaults(http.defaults);
        headers(answer.stream(), frames, !told);
        if (told) {
            window.take(length);
            frames.data(answer.stream(), error.text(), 0, (int) length, true);
        }
        if (!answer.complete()) {
            frames.reset(answer.stream(), ErrorCode.NO_ERROR);
        }
    }

    /// Begins the head of a response.
    Fields begin(int status) {
        block.clear();
        encoder.begin(block);
        return new Fields(encoder, status);
    }

    /// Begins the fields behind a body.
    Fields beginTrailers() {
        block.clear();
        encoder.begin(block);
        return new Fields(encoder);
    }

    /// Writes the fields that were begun last.
    void headers(int stream, FrameWriter frames, boolean endStream) {
        frames.headers(
                stream, block.array(), block.length(), owner.peer().maxFrameSize(), endStream);
    }

    private void tellWritten() {
        for (Http2Stream each : written) {
            each.tellWritten();
        }
        written.clear();
    }

    /// The connection is broken: streams give back what they hold.
    private void clear() {
        controls.clear();
        written.clear();
        schedule.unbar();
        for (Http2Stream each = schedule.next(); each != null; each = schedule.next()) {
            each.leaveSchedule();
            each.release();
        }
    }

    /// A stream is over.
    void forget(Http2Stream stream) {
        schedule.forget(stream);
    }

    /// What waits to be said, beside the streams.
    int waiting() {
        return controls.size();
    }
}
