package io.spvn.server.http1;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.asgi.Scope;
import io.spvn.bridge.exchange.Access;
import io.spvn.bridge.exchange.Combiner;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.bridge.exchange.Transport;
import io.spvn.bridge.exchange.Write;
import io.spvn.server.connection.Connection;
import io.spvn.server.connection.ConnectionTrace;
import io.spvn.server.connection.WireBuffer;
import io.spvn.server.http.Compressor;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Writes one response to its connection.
///
/// [#write] is called by responders, by the reader for refusals, and by threads that were started
/// to tell a late client so. When calls overlap, the first does the work of all and the others
/// return at once, so a client that does not read holds up one thread and the order of events is
/// kept.
final class Http1Response implements Transport {
    private final Http1Connection owner;
    private final Connection connection;
    private final Http1 http;
    private final RequestHead head;
    private final HttpExchange exchange;
    private final Combiner turns = new Combiner();

    private boolean told; // by the monitor
    private final @Nullable Compressor compressor; // null where nothing is compressed
    private @Nullable ResponseEncoder encoder;
    private Headers fields = Headers.EMPTY;
    private volatile boolean written;
    private volatile boolean answered;
    private volatile @Nullable Thread waiting;

    /// @param owner told when it has been written
    Http1Response(
            Http1Connection owner,
            Connection connection,
            Http1 http,
            RequestHead head,
            Scope.Http scope) {
        this.owner = owner;
        this.connection = connection;
        this.http = http;
        this.head = head;
        this.exchange =
                new HttpExchange(
                        scope,
                        this,
                        head.expectsContinue() && !head.http10(),
                        head.framing() instanceof Framing.None,
                        connection.ledger(),
                        System.nanoTime());
        exchange.identify(head.id());
        if (http.timed) {
            exchange.keepMoments();
        }
        this.compressor =
                Compressor.of(http.settings.compression(), exchange.scope(), connection.ledger());
    }

    HttpExchange exchange() {
        return exchange;
    }

    /// Whether the response has been written to its end, or never will be.
    boolean answered() {
        return answered;
    }

    /// Whether nothing more of it is to be written. Set before the responder looks at what the
    /// client owes next, while [#answered] is set after it: what one of responder and reader does
    /// not see of the other, the other sees of it.
    boolean written() {
        return written || answered;
    }

    /// Reader: waits until the response has been written, or never will be.
    void awaitAnswered() throws InterruptedException {
        waiting = Thread.currentThread();
        while (!answered) {
            LockSupport.park(this);
            checkInterrupt();
        }
        waiting = null;
    }

    /// Reader: waits so long at most.
    ///
    /// @return whether the response has been written, or never will be
    boolean awaitAnswered(Duration atMost) throws InterruptedException {
        long began = System.nanoTime();
        long left = atMost.toNanos();
        waiting = Thread.currentThread();
        while (!answered && left > 0) {
            LockSupport.parkNanos(this, left);
            checkInterrupt();
            left = atMost.toNanos() - (System.nanoTime() - began);
        }
        waiting = null;
        return answered;
    }

    private static void checkInterrupt() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /// The server answers in the app's stead, or breaks the response off where it has begun.
    void cut(Rejected reason) {
        exchange.cut(reason);
        write(exchange);
    }

    /// The connection is gone.
    void broken() {
        exchange.broken();
        tellEnd(System.nanoTime() - exchange.createdAt());
        markAnswered();
        if (compressor != null) {
            turns.run(this::writeAll); // closes it
        }
    }

    @Override
    public void write(Exchange ready) {
        turns.run(this::writeAll);
    }

    @Override
    public boolean writeAtOnce(Exchange ready) {
        long unwritten = ready.unwritten();
        boolean passes = compressor == null || (ready.settled() && compressor.passes(unwritten));
        if (!passes || ready.hasFiles() || !connection.output().takesAtOnce(unwritten)) {
            return false;
        }
        write(ready);
        return true;
    }

    private void writeAll() {
        Write first = exchange.nextWrite();
        if (first != null) {
            writeFrom(first);
        }
        if (answered && compressor != null) {
            compressor.close();
        }
    }

    private void writeFrom(Write first) {
        try {
            http.buffers.use(connection.output(), out -> stepFrom(first, out));
            finishIfComplete();
        } catch (UncheckedIOException broken) {
            connection.ending().breakOff();
        } catch (RuntimeException | Error failure) {
            connection
                    .ending()
                    .breakOff(); // or the reader would wait for a response that never ends
            throw failure;
        }
    }

    private void stepFrom(Write first, WireBuffer out) {
        for (Write write = first; write != null; write = exchange.nextWrite()) {
            step(write, out);
        }
    }

    private void step(Write write, WireBuffer out) {
        switch (write) {
            case Write.Continue() -> {
                ResponseEncoder.continue100(out);
                out.flush();
                connection.clock().leaveGiven();
            }
            case Write.EarlyHints(Headers links) -> {
                ResponseEncoder.earlyHints(head, links, out);
                out.flush();
            }
            case Write.Start(Outbound.ResponseStart start, long knownLength) -> {
                fields = start.headers();
                start(start, knownLength, out);
            }
            case Write.Body(Outbound.ResponseBody body) -> writeBody(body, out);
            case Write.Trailers(Headers trailers) -> writeTrailers(trailers, out);
            case Write.Refusal(Rejected reason, String detail) -> refuse(reason, detail, out);
            case Write.Abort(Rejected reason) -> {
                connection.refused(reason);
                out.flush(); // what the app has said is the client's, though it is not the whole
                connection.ending().breakOff();
            }
            case Write.Accept _, Write.Message _, Write.Close _ ->
                    throw new IllegalStateException("not of a response: " + write);
        }
    }

    private ResponseEncoder begin() {
        boolean reusable = !connection.ending().isNear() && !exchange.continueOutstanding();
        ResponseEncoder begun = new ResponseEncoder(head, http.defaults, reusable);
        encoder = begun;
        return begun;
    }

    private void start(Outbound.ResponseStart start, long knownLength, WireBuffer out) {
        ResponseEncoder begun = begin();
        if (compressor == null) {
            begun.start(start, knownLength, out);
        } else {
            compressor.start(start, knownLength, begun.to(out));
        }
    }

    private void writeTrailers(Headers trailers, WireBuffer out) {
        ResponseEncoder current = encoder;
        if (current != null) {
            current.trailers(trailers);
            writeBody(current, new Outbound.ResponseBody(Payload.EMPTY, false), out);
        }
    }

    private void writeBody(Outbound.ResponseBody body, WireBuffer out) {
        ResponseEncoder current = encoder;
        try {
            if (current != null) {
                writeBody(current, body, out);
            }
        } finally {
            body.data().release();
        }
        exchange.written(body.data());
    }

    private void writeBody(ResponseEncoder current, Outbound.ResponseBody body, WireBuffer out) {
        if (compressor == null) {
            current.body(body, out);
            return;
        }
        compressor.body(body, current.to(out));
        if (compressor.isCut()) {
            out.flush();
            connection.ending().breakOff();
        }
    }

    private void refuse(Rejected reason, String detail, WireBuffer out) {
        connection.refused(reason);
        begin().refuse(reason, detail, out);
    }

    private void finishIfComplete() {
        ResponseEncoder current = encoder;
        if (current != null && current.complete() && !answered) {
            if (current.incomplete()) {
                connection.ending().breakOff();
            } else {
                written = true;
                report(current.status());
                owner.responseWritten(current.closeAfter());
                markAnswered();
            }
        }
    }

    private void report(int status) {
        long nanos = System.nanoTime() - exchange.createdAt();
        Scope.Http scope = exchange.scope();
        http.listener.responded(scope.method(), scope.httpVersion(), status, nanos);
        ConnectionTrace.answered(exchange, status, nanos);
        tellEnd(nanos);
    }

    /// Once, for who wants to hear of it: who breaks a connection off may meet who has written the
    /// last byte.
    private void tellEnd(long nanos) {
        if (!http.listener.wantsEnds() || !isFirstEnd()) {
            return;
        }
        ResponseEncoder current = encoder;
        int status = current == null ? 0 : current.status();
        http.listener.ended(
                Access.of(
                        exchange,
                        head.asked(),
                        status,
                        current == null ? 0 : current.content(),
                        nanos,
                        fields,
                        0));
    }

    private synchronized boolean isFirstEnd() {
        boolean first = !told;
        told = true;
        return first;
    }

    private void markAnswered() {
        answered = true;
        Thread reader = waiting;
        if (reader != null) {
            LockSupport.unpark(reader);
        }
    }
}
