package io.spvn.server.tracing;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.spvn.bridge.exchange.Access;
import io.spvn.bridge.exchange.Access.Moments;
import io.spvn.bridge.exchange.Access.Request;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/// Makes the spans of a request that is over:
///
///     METHOD         from its head to its last byte, within what its caller says
///       spvn.queue   while it waited for a worker
///       spvn.app     from there until the app had said all, or nothing was awaited of it any more
///
/// One that the server answers in the app's stead has the first only, or the first two.
final class RequestSpans {
    private static final String QUEUE = "spvn.queue";
    private static final String APP = "spvn.app";
    private static final String UNKNOWN = "HTTP"; // as the conventions call a method of no renown

    private final Tracer tracer;
    private final Losses losses;

    RequestSpans(Tracer tracer, Losses losses) {
        this.tracer = tracer;
        this.losses = losses;
    }

    /// Any thread; does not wait. What was not understood has no spans.
    void add(Access access) {
        Request request = access.request();
        if (request != null) {
            add(access, request, start(access));
        }
    }

    /// Nanoseconds since 1970.
    private static long start(Access access) {
        Moments moments = access.moments();
        long ago =
                moments.equals(Moments.NONE) ? access.nanos() : System.nanoTime() - moments.head();
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - ago;
    }

    private void add(Access access, Request request, long start) {
        Moments moments = access.moments();
        Span span = whole(request, start);
        if (!span.isRecording() || !losses.enter(count(moments))) {
            return; // one that is never ended is nowhere
        }
        RequestAttributes.write(access, request, span);
        long said = moments.said() == Moments.NEVER ? access.nanos() : moments.said();
        if (moments.queued() != Moments.NEVER) {
            long until = moments.taken() == Moments.NEVER ? said : moments.taken();
            part(QUEUE, span, start + moments.queued(), start + until);
        }
        if (moments.taken() != Moments.NEVER) {
            part(APP, span, start + moments.taken(), start + said);
        }
        span.end(start + access.nanos(), NANOSECONDS);
    }

    private static int count(Moments moments) {
        return 1
                + (moments.queued() == Moments.NEVER ? 0 : 1)
                + (moments.taken() == Moments.NEVER ? 0 : 1);
    }

    private Span whole(Request request, long start) {
        String method = RequestAttributes.method(request);
        return tracer.spanBuilder(method.equals(RequestAttributes.OTHER) ? UNKNOWN : method)
                .setParent(Caller.of(request.headers()))
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(start, NANOSECONDS)
                .startSpan();
    }

    private void part(String name, Span whole, long start, long end) {
        tracer.spanBuilder(name)
                .setParent(Context.root().with(whole))
                .setStartTimestamp(start, NANOSECONDS)
                .startSpan()
                .end(Math.max(start, end), NANOSECONDS);
    }
}
