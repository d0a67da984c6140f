package io.spvn.server.tracing;

import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Sends spans, and says which have not arrived. On the threads of OpenTelemetry.
final class CountedExporter implements SpanExporter {
    private final SpanExporter exporter;
    private final Losses losses;

    CountedExporter(SpanExporter exporter, Losses losses) {
        this.exporter = exporter;
        this.losses = losses;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        int count = spans.size(); // the list is another's
        CompletableResultCode result = exporter.export(spans);
        return result.whenComplete(
                () -> {
                    if (result.isSuccess()) {
                        losses.sent(count);
                    } else {
                        losses.failed(count, reason(result.getFailureThrowable()));
                    }
                });
    }

    /// Why, for people.
    static String reason(@Nullable Throwable failure) {
        if (failure instanceof HttpExportException refused && refused.getResponse() != null) {
            return "its answer was " + refused.getResponse().getStatusCode();
        }
        if (failure == null) {
            return "it was given up";
        }
        if (isOfUnknownHost(failure)) {
            return "there is no host of that name";
        }
        Throwable wrapped = failure.getCause();
        return words(wrapped == null ? failure : wrapped);
    }

    private static boolean isOfUnknownHost(Throwable failure) {
        Throwable at = failure;
        while (at != null && !(at instanceof UnresolvedAddressException)) {
            at = at.getCause();
        }
        return at != null;
    }

    private static String words(Throwable failure) {
        return switch (failure) {
            case ConnectException _ -> "the connection was refused";
            case HttpTimeoutException _ -> "it did not answer in time";
            default -> {
                String message = failure.getMessage();
                yield message == null
                        ? failure.getClass().getSimpleName()
                        : message.lines().findFirst().orElse("");
            }
        };
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
