package io.spvn.server.http;

import static io.spvn.server.http.FieldNames.HOST;

import io.spvn.bridge.asgi.Headers;
import java.util.Arrays;

/// The Host header: one, not empty, a host with an optional port (RFC 9112 3.2, RFC 9110 7.2). A
/// host in the request target takes its place, whatever it says.
public final class HostField {
    private HostField() {}

    /// Refuses an illegal Host, and returns the headers as the app shall see them.
    ///
    /// @param required whether there must be one; HTTP/1.0 may do without
    public static Headers effective(Headers fields, RequestTarget target, boolean required) {
        int field = fields.find(HOST, 0);
        if (field < 0 && required) {
            throw RequestRules.HOST_MISSING.error();
        }
        if (field >= 0) {
            check(fields, field, target.namesHost());
        }
        if (!target.namesHost()) {
            return fields;
        }
        return field >= 0 ? replaced(fields, field, target) : added(fields, target);
    }

    private static void check(Headers fields, int field, boolean replaced) {
        if (fields.find(HOST, field + 1) >= 0) {
            throw RequestRules.HOST_REPEATED.error();
        }
        int from = fields.valueStart(field);
        int to = fields.valueEnd(field);
        if (from == to && !replaced) {
            throw RequestRules.HOST_EMPTY.error();
        }
        if (from < to && !Authority.isHost(fields.block(), from, to)) {
            throw RequestRules.HOST_SYNTAX.error();
        }
    }

    private static Headers replaced(Headers fields, int host, RequestTarget target) {
        Headers.Builder all = Headers.over(fields.block(), fields.size());
        for (int i = 0; i < fields.size(); i++) {
            int from = i == host ? target.hostStart() : fields.valueStart(i);
            int to = i == host ? target.hostEnd() : fields.valueEnd(i);
            all.field(fields.nameStart(i), fields.nameEnd(i), from, to);
        }
        return all.build();
    }

    private static Headers added(Headers fields, RequestTarget target) {
        int end = fields.block().length;
        byte[] block = Arrays.copyOf(fields.block(), end + HOST.length);
        System.arraycopy(HOST, 0, block, end, HOST.length);
        Headers.Builder all = Headers.over(block, fields.size() + 1);
        all.field(end, block.length, target.hostStart(), target.hostEnd());
        for (int i = 0; i < fields.size(); i++) {
            all.field(
                    fields.nameStart(i),
                    fields.nameEnd(i),
                    fields.valueStart(i),
                    fields.valueEnd(i));
        }
        return all.build();
    }
}
