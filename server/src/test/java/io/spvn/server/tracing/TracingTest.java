package io.spvn.server.tracing;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.spvn.bridge.asgi.Endpoint;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.exchange.Access;
import io.spvn.bridge.exchange.Access.Moments;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The spans of requests, as they leave the server.
class TracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";
    private static final String SAMPLED = "00-%s-%s-01".formatted(TRACE, CALLER);
    private static final String NOT_SAMPLED = "00-%s-%s-00".formatted(TRACE, CALLER);

    private static final long NANOS = 90_000;
    private static final Moments SERVED = moments(41_000, 80_000);
    private static final int ROOM = 30;

    private static Moments moments(long taken, long said) {
        return new Moments(System.nanoTime() - NANOS, 1000, taken, said);
    }

    private static TracingSettings settings(Sampling sampling) {
        return new TracingSettings(
                URI.create("http://c/v1/traces"),
                sampling,
                Map.of("service.name", "shop"),
                Map.of(),
                Duration.ofSeconds(1),
                false,
                null);
    }

    private static Access get(String... headers) {
        return request("GET /a%20b?secret=1 HTTP/1.1", 200, SERVED, headers);
    }

    /// @param headers name, value, name, value, ...
    private static Access request(String line, int status, Moments moments, String... headers) {
        return new Access(
                0,
                new Peers("https", new Endpoint("192.0.2.7", 4711), new Endpoint("::1", 8000)),
                asked(line, headers),
                "",
                status,
                1,
                NANOS,
                Headers.EMPTY,
                0,
                moments);
    }

    private static Access.Request asked(String line, String... headers) {
        byte[] head = line.getBytes(StandardCharsets.UTF_8);
        byte[][] pairs =
                Stream.of(headers)
                        .map(text -> text.getBytes(StandardCharsets.US_ASCII))
                        .toArray(byte[][]::new);
        int length = Arrays.stream(pairs).mapToInt(part -> part.length).sum();
        byte[] block = Arrays.copyOf(head, head.length + length);
        Headers.Builder all = Headers.over(block, headers.length / 2);
        int at = head.length;
        for (int i = 0; i < pairs.length; i += 2) {
            int value = at + pairs[i].length;
            int end = value + pairs[i + 1].length;
            System.arraycopy(pairs[i], 0, block, at, pairs[i].length);
            System.arraycopy(pairs[i + 1], 0, block, value, pairs[i + 1].length);
            all.field(at, value, value, end);
            at = end;
        }
        int space = line.indexOf(' ');
        int targetEnd = new String(head, StandardCharsets.ISO_8859_1).lastIndexOf(' ');
        return new Access.Request(all.build(), space, targetEnd, "HTTP/1.1", "");
    }

    private static List<SpanData> spans(Access request) {
        return spans(Sampling.DEFAULT, request);
    }

    private static List<SpanData> spans(Sampling sampling, Access... requests) {
        Sink sink = new Sink(CompletableResultCode.ofSuccess());
        Tracing tracing = new Tracing(settings(sampling), "1", ROOM);
        tracing.start(sink);
        for (Access each : requests) {
            tracing.ended(each);
        }
        tracing.close();
        assertEquals(0, tracing.lost());
        return sink.spans;
    }

    private static SpanData named(String name, List<SpanData> spans) {
        return spans.stream().filter(span -> span.getName().equals(name)).findFirst().orElseThrow();
    }

    private static List<String> names(List<SpanData> spans) {
        return spans.stream().map(SpanData::getName).toList();
    }

    @Test
    void request_hasASpanOfTheServerWithQueueAndAppInIt() {
        Moments moments = new Moments(System.nanoTime() - 5 * NANOS, 1000, 41_000, 80_000);
        long before = nanos(Instant.now());
        List<SpanData> spans = spans(request("GET / HTTP/1.1", 200, moments));
        long after = nanos(Instant.now());
        SpanData whole = named("GET", spans);
        SpanData queue = named("spvn.queue", spans);
        SpanData app = named("spvn.app", spans);
        assertEquals(3, spans.size());
        assertEquals(SpanKind.SERVER, whole.getKind());
        assertFalse(whole.getParentSpanContext().isValid());
        for (SpanData part : List.of(queue, app)) {
            assertEquals(SpanKind.INTERNAL, part.getKind());
            assertEquals(whole.getSpanId(), part.getParentSpanId());
            assertEquals(whole.getTraceId(), part.getTraceId());
        }
        long start = whole.getStartEpochNanos();
        long told = start + System.nanoTime() - moments.head(); // were its time told now
        assertTrue(before <= told, () -> before + " after " + told);
        assertTrue(start <= after - 5 * NANOS, () -> start + " later than " + after);
        assertTimes(start, start + NANOS, whole);
        assertTimes(start + 1000, start + 41_000, queue);
        assertTimes(start + 41_000, start + 80_000, app);
        assertEquals("shop", whole.getResource().getAttribute(stringKey("service.name")));
    }

    private static long nanos(Instant moment) {
        return moment.getEpochSecond() * 1_000_000_000 + moment.getNano();
    }

    private static void assertTimes(long start, long end, SpanData span) {
        assertEquals(start, span.getStartEpochNanos(), span.getName());
        assertEquals(end, span.getEndEpochNanos(), span.getName());
    }

    @Test
    void attributes_areThoseOfTheConventions() {
        SpanData span = named("GET", spans(get("host", "shop.test:8443", "user-agent", "t/1")));
        assertEquals(
                Map.of(
                        stringKey("http.request.method"), "GET",
                        stringKey("url.path"), "/a%20b",
                        stringKey("url.scheme"), "https",
                        longKey("http.response.status_code"), 200L,
                        stringKey("server.address"), "shop.test",
                        longKey("server.port"), 8443L,
                        stringKey("client.address"), "192.0.2.7",
                        stringKey("network.protocol.version"), "1.1",
                        stringKey("user_agent.original"), "t/1"),
                span.getAttributes().asMap());
        assertEquals(StatusCode.UNSET, span.getStatus().getStatusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "200, 200, , UNSET",
        "404, 404, , UNSET",
        "101, 101, , UNSET",
        "500, 500, 500, ERROR",
        "503, 503, 503, ERROR",
        "499, , client_gone, ERROR"
    })
    void failures_areMarked(int status, Long told, String type, StatusCode code) {
        SpanData span = named("GET", spans(request("GET / HTTP/1.1", status, SERVED)));
        assertEquals(told, span.getAttributes().get(longKey("http.response.status_code")));
        assertEquals(type, span.getAttributes().get(stringKey("error.type")));
        assertEquals(code, span.getStatus().getStatusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "/,                  /",
        "/a?b=/c,            /a",
        "/http://x/y,        /http://x/y",
        "http://h/a/b?c,     /a/b",
        "http://h,           /",
        "*,                  *",
        "/é,                 /é"
    })
    void path_isThatOfTheTarget(String target, String path) {
        SpanData span = named("GET", spans(request("GET " + target + " HTTP/1.1", 200, SERVED)));
        assertEquals(path, span.getAttributes().get(stringKey("url.path")));
    }

    @ParameterizedTest
    @CsvSource({
        "shop.test,       shop.test, ",
        "shop.test:80,    shop.test, 80",
        "shop.test:,      shop.test, ",
        "shop.test:99999, shop.test, ",
        "[::2]:8000,      ::2,       8000",
        "[::2],           ::2,       ",
        "'',              ::1,       "
    })
    void server_isThatOfTheHostOrElseTheSocket(String host, String address, Long port) {
        SpanData span = named("GET", spans(get("host", host)));
        assertEquals(address, span.getAttributes().get(stringKey("server.address")));
        assertEquals(port, span.getAttributes().get(longKey("server.port")));
    }

    @Test
    void unknownMethods_areOneForAllSpans() {
        SpanData span = named("HTTP", spans(request("BREW /pot HTTP/1.1", 418, SERVED)));
        assertEquals("_OTHER", span.getAttributes().get(stringKey("http.request.method")));
        assertEquals("BREW", span.getAttributes().get(stringKey("http.request.method_original")));
    }

    @Test
    void longTexts_areCut() {
        SpanData span = named("GET", spans(get("user-agent", "x".repeat(5000))));
        assertEquals("x".repeat(1024), span.getAttributes().get(stringKey("user_agent.original")));
    }

    @Test
    void caller_isTheParent() {
        List<SpanData> spans = spans(get("traceparent", SAMPLED, "tracestate", "a=1"));
        SpanData whole = named("GET", spans);
        assertEquals(CALLER, whole.getParentSpanId());
        assertTrue(whole.getParentSpanContext().isRemote());
        spans.forEach(span -> assertEquals(TRACE, span.getTraceId()));
        assertEquals("1", whole.getSpanContext().getTraceState().get("a"));
    }

    @ParameterizedTest
    @CsvSource({
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "nonsense"
    })
    void callerThatBreaksTheRules_isNone(String traceparent) {
        SpanData whole = named("GET", spans(get("traceparent", traceparent)));
        assertFalse(whole.getParentSpanContext().isValid());
        assertNotEquals(TRACE, whole.getTraceId());
    }

    @Test
    void callerThatIsTwo_isNone() {
        SpanData whole = named("GET", spans(get("traceparent", SAMPLED, "traceparent", SAMPLED)));
        assertFalse(whole.getParentSpanContext().isValid());
    }

    @ParameterizedTest
    @CsvSource({
        "true,  1, '',  3",
        "true,  1, 01,  3",
        "true,  1, 00,  0",
        "true,  0, '',  0",
        "true,  0, 01,  3",
        "false, 1, 00,  3",
        "false, 0, 01,  0"
    })
    void sampling_isAsTheCallerSaysUnlessItIsNotAsked(
            boolean byParent, double ratio, String flags, int expected) {
        Access request =
                flags.isEmpty()
                        ? get()
                        : get("traceparent", flags.equals("01") ? SAMPLED : NOT_SAMPLED);
        assertEquals(expected, spans(new Sampling(byParent, ratio), request).size());
    }

    @Test
    void requestThatNoWorkerTook_hasNoSpanOfTheApp() {
        List<SpanData> spans =
                spans(request("GET / HTTP/1.1", 503, moments(Moments.NEVER, 70_000)));
        assertEquals(List.of("spvn.queue", "GET"), names(spans));
        long start = named("GET", spans).getStartEpochNanos();
        assertTimes(start + 1000, start + 70_000, named("spvn.queue", spans));
    }

    @Test
    void requestThatTheServerAnswers_hasOneSpan() {
        assertEquals(List.of("GET"), names(spans(request("GET / HTTP/1.1", 200, Moments.NONE))));
    }

    @Test
    void whatWasNotUnderstood_hasNone() {
        Access unread = Access.unread(new Peers("http", null, null), "GET", 400, 1);
        assertEquals(List.of(), spans(unread));
    }

    @Test
    void spansForWhichThereIsNoRoom_areLostAndCounted() {
        CompletableResultCode never = new CompletableResultCode();
        Sink stuck = new Sink(never);
        Tracing tracing = new Tracing(settings(Sampling.DEFAULT), "1", 7);
        tracing.start(stuck);
        for (int i = 0; i < 5; i++) {
            tracing.ended(get());
        }
        assertEquals(9, tracing.lost());
        tracing.close();
        assertEquals(15, tracing.lost());
    }

    @Test
    void spansThatAreNotTaken_areLostAndCounted() {
        Sink down = new Sink(CompletableResultCode.ofFailure());
        Tracing tracing = new Tracing(settings(Sampling.DEFAULT), "1", ROOM);
        tracing.start(down);
        tracing.ended(get());
        tracing.close();
        assertEquals(3, tracing.lost());
    }

    @Test
    void reasons_areInWordsOfPeople() {
        assertReason("the connection was refused", new ConnectException());
        assertReason(
                "the connection was refused",
                new ConnectException().initCause(new ClosedChannelException()));
        assertReason(
                "there is no host of that name",
                new ConnectException().initCause(new UnresolvedAddressException()));
        assertReason("it did not answer in time", new HttpTimeoutException("x"));
        assertReason("PKIX", new IllegalStateException("PKIX\n\tat x"));
        assertEquals("it was given up", CountedExporter.reason(null));
    }

    private static void assertReason(String expected, Throwable cause) {
        assertEquals(expected, CountedExporter.reason(new Exception(cause)));
    }
}
