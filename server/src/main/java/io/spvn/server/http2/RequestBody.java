package io.spvn.server.http2;

import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.http.Submission;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/// Takes in the body of one request: gives the app what comes, and the client window for what the
/// app has taken. The reader's thread, but where it is said. It never waits: how much can come is
/// bounded by the window, and by the ledger.
final class RequestBody implements Incoming {
    /// Of these a client may not send many while its app does not read: they cost more than they
    /// are.
    private static final int SMALL = 256;

    /// So many of them are taken while the app has enough to read: records of TLS and reads of a
    /// socket end in the middle of frames, so whoever fills a window of large ones sends one for
    /// some.
    private static final int MOST_SMALL = 512;

    private final Http2Stream stream;
    private final Http2Connection owner;
    private final HttpExchange exchange;
    private final StreamCredit credit;
    private final Submission submission;
    private final long declared; // -1 for nothing
    private final long limit;
    private final AtomicInteger small = new AtomicInteger(); // pieces since the app took some
    private long taken;
    private boolean wanted = true;
    private volatile long awaitedSince; // 0 while nothing is awaited of the client

    RequestBody(Http2Stream stream, Http2Connection owner, Http2 http, long declared) {
        this.stream = stream;
        this.owner = owner;
        this.exchange = stream.exchange();
        this.declared = declared;
        this.limit = http.settings.maxBody();
        this.credit = new StreamCredit(stream, owner);
        this.submission =
                new Submission(exchange, http.dispatcher, declared < 0 ? Long.MAX_VALUE : declared);
    }

    @Override
    public void begin() {
        if (!exchange.continueOutstanding()) {
            awaitedSince = System.nanoTime();
        }
    }

    /// Hands the request in, unless the rest of a small body is waited for.
    @Override
    public void submit() throws InterruptedException {
        if (!submission.isHeld()) {
            submission.submitAtOnce();
        }
    }

    @Override
    public void data(byte[] buffer, int from, int length, int padding) throws Http2Error {
        credit.take(length + padding);
        if (padding > 0) {
            giveBack(padding);
        }
        if (length == 0) {
            return;
        }
        taken += length;
        if (declared >= 0 && taken > declared) {
            throw error(ErrorCode.PROTOCOL_ERROR, "more DATA than content-length says");
        }
        awaitedSince = System.nanoTime();
        if (taken > limit) {
            cut(Rejected.BODY_TOO_LARGE);
        } else if (wanted) {
            offer(buffer, from, length);
        }
    }

    private void offer(byte[] buffer, int from, int length) throws Http2Error {
        if (length < SMALL && exchange.isFull() && small.incrementAndGet() > MOST_SMALL) {
            throw Http2Error.ofConnection(
                    ErrorCode.ENHANCE_YOUR_CALM,
                    Rejected.HTTP2_FLOOD,
                    "too many small pieces of a body");
        }
        if (owner.ledger().isFull() && exchange.isFull()) {
            cut(Rejected.MEMORY);
            return;
        }
        wanted = exchange.offerNow(Arrays.copyOfRange(buffer, from, from + length));
        if (length >= SMALL) {
            owner.budgets().worked();
        }
    }

    private void cut(Rejected reason) {
        wanted = false;
        awaitedSince = 0;
        stream.cut(reason);
    }

    @Override
    public void end() throws Http2Error, InterruptedException {
        awaitedSince = 0;
        if (declared >= 0 && taken != declared) {
            throw error(ErrorCode.PROTOCOL_ERROR, "less DATA than content-length says");
        }
        stream.clientEnded();
        exchange.bodyComplete();
        submission.submitAtOnce();
    }

    private Http2Error error(ErrorCode code, String message) {
        return Http2Error.ofStream(stream.id(), code, message);
    }

    @Override
    public void truncated() {
        if (submission.close()) {
            stream.broken();
        } else {
            exchange.clientLeft();
        }
    }

    // ---- other threads

    @Override
    public void leaveGiven() {
        awaitedSince = System.nanoTime();
    }

    @Override
    public void consumed(int bytes) {
        small.set(0);
        giveBack(bytes);
    }

    private void giveBack(int bytes) {
        if (credit.giveBack(bytes) && awaitedSince != 0) {
            awaitedSince = System.nanoTime();
        }
    }

    @Override
    public void tick(long now) {
        submission.tick(now);
        long since = awaitedSince;
        if (since != 0 && credit.isOpen() && now - since > owner.timeouts().body().toNanos()) {
            awaitedSince = 0;
            stream.cut(Rejected.BODY_TIMEOUT);
            owner.writer().nudge();
        }
    }
}
