package io.spvn.server.http;

import io.spvn.bridge.exchange.Dispatcher;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.SocketInput;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Brings one request to its worker and reads its body as far as the app asks. The reader's thread,
/// except [#tick].
///
/// A request with a small body is held back until the body is there, so that the app does not have
/// to wait for it; after [#HOLD_NANOS] it goes to the app as it is, since the client may be waiting
/// for the app in turn. Any other goes to the app with what has come of its body, before the reader
/// waits for anything: only the app can make room for more.
public final class BodyIntake {
    private static final long HOLD_BYTES = 16 * 1024;
    private static final long HOLD_NANOS = 100_000_000;

    /// How much of a body that nobody wants is read for the sake of the next request.
    private static final int DROPPED = 1024 * 1024;

    private final Http1Connection connection;
    private final Http1Response response;
    private final HttpExchange exchange;
    private final Dispatcher dispatcher;
    private final @Nullable BodyDecoder decoder;
    private final AtomicBoolean submitted = new AtomicBoolean();
    private final boolean small;
    private final long heldUntil;
    private final long limit;

    private boolean wanted = true;
    private long taken;
    private int dropped;

    public BodyIntake(
            Http1Connection connection,
            RequestHead head,
            Http1Response response,
            Dispatcher dispatcher,
            long limit) {
        this.connection = connection;
        this.dispatcher = dispatcher;
        this.decoder = decoder(head.framing());
        this.response = response;
        this.exchange = response.exchange();
        this.small =
                head.framing() instanceof Framing.Length(long bytes)
                        && bytes <= HOLD_BYTES
                        && !head.expectsContinue();
        this.limit = limit;
        this.heldUntil = exchange.createdAt() + HOLD_NANOS;
    }

    private static @Nullable BodyDecoder decoder(Framing framing) {
        return switch (framing) {
            case Framing.None() -> null;
            case Framing.Length(long bytes) -> new LengthDecoder(bytes);
            case Framing.Chunked() -> new ChunkedDecoder();
        };
    }

    /// Whether a head announces a body of more than `limit` bytes.
    public static boolean isTooLarge(RequestHead head, long limit) {
        return head.framing() instanceof Framing.Length(long bytes) && bytes > limit;
    }

    /// The next piece took too long: the client is told, or cut off when a response has begun.
    public void timeOut() {
        response.cut(Rejected.BODY_TIMEOUT);
    }

    /// Hands the request over and reads the body to its end.
    ///
    /// @return false when no other request can follow on the connection
    public boolean read(SocketInput input) throws InterruptedException {
        BodyDecoder framing = decoder;
        if (framing == null) {
            submit();
            return true;
        }
        try {
            return readTo(framing, input);
        } catch (HttpError error) {
            response.cut(error.reason());
            return false;
        }
    }

    private boolean readTo(BodyDecoder framing, SocketInput input) throws InterruptedException {
        decode(framing, input);
        if (framing.done()) {
            finish();
            submit();
            return true;
        }
        if (!small) {
            submit();
        }
        while (!framing.done()) {
            expectPiece();
            if (!input.fill()) {
                incomplete();
                return false;
            }
            if (!connection.expectNothing()) {
                return false; // its time was up, and it is being told; or nobody wants it
            }
            decode(framing, input);
            if (dropped > DROPPED) {
                return false;
            }
        }
        finish();
        submit();
        return !connection.ending();
    }

    private void expectPiece() {
        if (exchange.continueOutstanding()) {
            connection.awaitLeave(exchange);
        } else {
            connection.expectBody();
        }
    }

    /// The client left before its request was complete.
    private void incomplete() {
        if (submitted.compareAndSet(false, true)) {
            connection.breakOff();
        } else {
            exchange.clientLeft();
        }
    }

    private void finish() {
        exchange.bodyComplete();
    }

    private void decode(BodyDecoder framing, SocketInput input) {
        int end = framing.decode(input.buffer(), input.from(), input.to(), this::take);
        input.consumedTo(end);
    }

    private void take(byte[] buffer, int from, int length) {
        taken += length;
        if (taken > limit) {
            throw new HttpError(Rejected.BODY_TOO_LARGE, "the body is too large");
        }
        wanted = wanted && offer(buffer, from, length);
        if (!wanted) {
            dropped += length;
        }
    }

    private boolean offer(byte[] buffer, int from, int length) {
        boolean whole = from == 0 && length == buffer.length;
        byte[] part = whole ? buffer : Arrays.copyOfRange(buffer, from, from + length);
        try {
            return exchange.isFull() ? offerInTime(part) : exchange.offer(part);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Waits until the app has made room.
    private boolean offerInTime(byte[] part) throws InterruptedException {
        submit();
        connection.away(true);
        try {
            return exchange.offer(part);
        } finally {
            connection.away(false);
        }
    }

    private void submit() throws InterruptedException {
        if (!submitted.get() && submitted.compareAndSet(false, true) && !exchange.settled()) {
            dispatcher.submit(exchange);
        }
    }

    /// Registry thread: a request held back for long enough goes to the app.
    public void tick(long now) {
        if (small && !submitted.get() && now - heldUntil > 0) {
            Thread.startVirtualThread(this::release);
        }
    }

    private void release() {
        try {
            submit();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
