package io.spvn.server.http;

import io.spvn.bridge.exchange.Dispatcher;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.Ending;
import java.util.Arrays;

/// Takes in the body of one request, however it is framed, and sees to it that the request gets to
/// a worker at the right time. The reader's thread, except [#tick].
///
/// A request with a small body is held back until the body is there, for a while ([Submission]). Any
/// other goes to the app with what has come of its body, before the reader waits for anything: only
/// the app can make room for more.
///
///     data ...  ->  await (before each wait for more)  ->  data ...  ->  complete | truncated | cut
public final class BodyIntake implements BodySink {
    /// The size of a body that is not known.
    public static final long UNKNOWN = Long.MAX_VALUE;

    /// How much of a body that nobody wants is read for the sake of what follows it.
    private static final int DROPPED = 1024 * 1024;

    private final HttpExchange exchange;
    private final Submission submission;
    private final Ending ending;
    private final long limit;

    private boolean wanted = true;
    private long taken;
    private int dropped;

    /// @param ending of the connection; told while the reader waits for the app
    /// @param announced bytes, or [#UNKNOWN]
    /// @param limit bytes that it may have at most
    public BodyIntake(
            HttpExchange exchange,
            Dispatcher dispatcher,
            Ending ending,
            long announced,
            long limit) {
        this.exchange = exchange;
        this.submission = new Submission(exchange, dispatcher, announced);
        this.ending = ending;
        this.limit = limit;
    }

    /// Some of the body has come. Blocks while the app has not read what was read ahead.
    ///
    /// @throws HttpError when the body is larger than allowed
    @Override
    public void data(byte[] buffer, int from, int length) {
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
        submission.submit();
        ending.away(true);
        try {
            return exchange.offer(part);
        } finally {
            ending.away(false);
        }
    }

    /// Whether more has come of a body that nobody wants than is read for the sake of what follows.
    public boolean isExcessive() {
        return dropped > DROPPED;
    }

    /// The reader is about to wait for more.
    public void await() throws InterruptedException {
        if (!submission.isHeld()) {
            submission.submit();
        }
    }

    /// All of it has come.
    public void complete() throws InterruptedException {
        exchange.bodyComplete();
        submission.submit();
    }

    /// The client left before its request was complete.
    ///
    /// @return whether it was handed in; else it never will be, and nobody waits for an answer
    public boolean truncated() {
        if (submission.close()) {
            return false;
        }
        exchange.clientLeft();
        return true;
    }

    /// Cuts the exchange, since what the client sends is wrong or has not come in time. Any thread;
    /// blocks while the client does not read.
    public void cut(Rejected reason) {
        exchange.cut(reason);
        exchange.transport().write(exchange);
    }

    /// Registry's thread: a request held back for long enough goes to the app.
    public void tick(long now) {
        submission.tick(now);
    }
}
