package io.spvn.server.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.spvn.bridge.asgi.Endpoint;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.exchange.Access;
import io.spvn.bridge.exchange.Access.Request;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a span says of its request, by OpenTelemetry's conventions for servers of HTTP. The query
/// is left out: it may hold secrets.
final class RequestAttributes {
    static final String OTHER = "_OTHER";

    private static final AttributeKey<String> METHOD =
            AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> METHOD_ORIGINAL =
            AttributeKey.stringKey("http.request.method_original");
    private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
    private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
    private static final AttributeKey<Long> STATUS =
            AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> SERVER = AttributeKey.stringKey("server.address");
    private static final AttributeKey<Long> SERVER_PORT = AttributeKey.longKey("server.port");
    private static final AttributeKey<String> CLIENT = AttributeKey.stringKey("client.address");
    private static final AttributeKey<String> VERSION =
            AttributeKey.stringKey("network.protocol.version");
    private static final AttributeKey<String> AGENT = AttributeKey.stringKey("user_agent.original");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    private static final Set<String> KNOWN =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");
    private static final byte[] HOST = bytes("host");
    private static final byte[] USER_AGENT = bytes("user-agent");
    private static final int SERVER_ERROR = 500;
    private static final int LONGEST = 1024;
    private static final long PORT_AT_MOST = 0xFFFF;

    private RequestAttributes() {}

    private static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }

    /// The method as names of spans have it: one of few.
    static String method(Request request) {
        String method = sentMethod(request);
        return KNOWN.contains(method) ? method : OTHER;
    }

    private static String sentMethod(Request request) {
        return text(request.headers().block(), 0, request.methodEnd());
    }

    static void write(Access access, Request request, Span span) {
        String method = method(request);
        span.setAttribute(METHOD, method);
        if (method.equals(OTHER)) {
            span.setAttribute(METHOD_ORIGINAL, sentMethod(request));
        }
        span.setAttribute(PATH, path(request));
        span.setAttribute(SCHEME, access.peers().scheme());
        String version = request.version();
        span.setAttribute(VERSION, version.substring(version.indexOf('/') + 1));
        text(AGENT, field(request.headers(), USER_AGENT), span);
        Endpoint client = access.peers().client();
        text(CLIENT, client == null ? null : client.host(), span);
        server(access, request, span);
        outcome(access.status(), span);
    }

    private static void text(AttributeKey<String> key, @Nullable String value, Span span) {
        if (value != null && !value.isEmpty()) {
            span.setAttribute(key, value);
        }
    }

    private static @Nullable String field(Headers headers, byte[] lowerName) {
        int field = headers.find(lowerName, 0);
        return field < 0
                ? null
                : text(headers.block(), headers.valueStart(field), headers.valueEnd(field));
    }

    private static String text(byte[] block, int from, int to) {
        return new String(block, from, Math.min(to - from, LONGEST), StandardCharsets.UTF_8);
    }

    /// Without the query, and without the host that clients of proxies write before it.
    private static String path(Request request) {
        byte[] block = request.headers().block();
        int from = request.methodEnd() + 1;
        int to = from;
        while (to < request.targetEnd() && block[to] != '?') {
            to++;
        }
        String whole = text(block, from, to);
        int host = whole.startsWith("/") ? -1 : whole.indexOf("://");
        if (host < 0) {
            return whole;
        }
        int path = whole.indexOf('/', host + "://".length());
        return path < 0 ? "/" : whole.substring(path);
    }

    private static void server(Access access, Request request, Span span) {
        String host = field(request.headers(), HOST);
        if (host == null || host.isEmpty()) {
            Endpoint own = access.peers().server();
            text(SERVER, own == null ? null : own.host(), span);
            return;
        }
        int colon = host.indexOf(':', host.indexOf(']') + 1);
        String name = colon < 0 ? host : host.substring(0, colon);
        text(SERVER, name.startsWith("[") ? name.substring(1, name.length() - 1) : name, span);
        long port = colon < 0 ? 0 : port(host.substring(colon + 1));
        if (port > 0) {
            span.setAttribute(SERVER_PORT, port);
        }
    }

    /// Zero for none.
    private static long port(String digits) {
        try {
            long port = Long.parseLong(digits);
            return port <= PORT_AT_MOST ? port : 0;
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    private static void outcome(int status, Span span) {
        if (status == Access.CLIENT_GONE) {
            fail("client_gone", span);
            return;
        }
        span.setAttribute(STATUS, (long) status);
        if (status >= SERVER_ERROR) {
            fail(Integer.toString(status), span);
        }
    }

    private static void fail(String type, Span span) {
        span.setAttribute(ERROR, type);
        span.setStatus(StatusCode.ERROR);
    }
}
