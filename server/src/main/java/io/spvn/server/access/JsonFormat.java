package io.spvn.server.access;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Printable;
import io.spvn.bridge.exchange.Access;
import io.spvn.bridge.exchange.Access.Request;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;

/// An object of JSON a line. What is not known is left out.
final class JsonFormat implements AccessFormat {
    private static final int MILLIS = 1_000; // of a second
    private static final int MICROS = 1_000; // of a millisecond

    private final LogTime second;
    private final LogTime offset;

    JsonFormat() {
        this(ZoneId.systemDefault());
    }

    JsonFormat(ZoneId zone) {
        this.second = LogTime.second(zone);
        this.offset = LogTime.offset(zone);
    }

    @Override
    public void write(Access access, LineBuffer line) {
        long millis = access.millis();
        line.put("{\"time\":\"")
                .put(second.at(millis))
                .put('.')
                .digits(Math.floorMod(millis, MILLIS), 3)
                .put(offset.at(millis))
                .put("\",\"client\":")
                .put(Printable.json(Asked.client(access)).getBytes(StandardCharsets.UTF_8));
        Request request = access.request();
        if (request != null) {
            request(request, access.peers().scheme(), line);
        } else if (!access.line().isEmpty()) {
            byte[] told = access.line().getBytes(StandardCharsets.UTF_8);
            line.put(",\"request\":").json(told, 0, told.length);
        }
        line.put(",\"status\":").put(access.status()).put(",\"bytes\":").put(access.bytes());
        line.put(",\"duration_ms\":").decimal(access.nanos() / MICROS, 3);
        if (access.close() != 0) {
            line.put(",\"close\":").put(access.close());
        }
        line.put('}');
    }

    private static void request(Request request, String scheme, LineBuffer line) {
        byte[] block = request.headers().block();
        int path = request.methodEnd() + 1;
        int query = Asked.pathEnd(request);
        byte[] user = Asked.user(request);
        if (user.length > 0) {
            line.put(",\"user\":").json(user, 0, user.length);
        }
        line.put(",\"method\":").json(block, 0, request.methodEnd());
        line.put(",\"path\":").json(block, path, query);
        if (query < request.targetEnd()) {
            line.put(",\"query\":").json(block, query + 1, request.targetEnd());
        }
        line.put(",\"protocol\":\"").put(request.version()).put("\",\"scheme\":\"");
        line.put(scheme).put('"');
        field(request.headers(), Asked.HOST, ",\"host\":", line);
        field(request.headers(), Asked.REFERER, ",\"referer\":", line);
        field(request.headers(), Asked.USER_AGENT, ",\"user_agent\":", line);
        if (!request.id().isEmpty()) {
            line.put(",\"request_id\":\"").put(request.id()).put('"');
        }
    }

    private static void field(Headers headers, byte[] name, String key, LineBuffer line) {
        int field = headers.find(name, 0);
        if (field >= 0) {
            line.put(key).json(headers.block(), headers.valueStart(field), headers.valueEnd(field));
        }
    }
}
