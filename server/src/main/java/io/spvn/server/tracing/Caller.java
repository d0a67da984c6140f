package io.spvn.server.tracing;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.spvn.bridge.asgi.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The span that a request is made in, as its caller has written it into `traceparent` (W3C Trace
/// Context). One that breaks the rules is none.
final class Caller {
    private static final byte[] TRACEPARENT = bytes("traceparent");
    private static final Getter GETTER = new Getter();

    private Caller() {}

    private static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }

    /// What spans of the request stand in.
    static Context of(Headers headers) {
        int field = headers.find(TRACEPARENT, 0);
        if (field < 0 || headers.find(TRACEPARENT, field + 1) >= 0) {
            return Context.root();
        }
        return W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, GETTER);
    }

    private static final class Getter implements TextMapGetter<Headers> {
        @Override
        public @Nullable String get(@Nullable Headers headers, String name) {
            if (headers == null) {
                return null;
            }
            int field = headers.find(bytes(name.toLowerCase(Locale.ROOT)), 0);
            return field < 0
                    ? null
                    : new String(headers.value(field), StandardCharsets.ISO_8859_1).strip();
        }
    }
}
