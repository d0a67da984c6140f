package io.spvn.bridge.process;

import io.spvn.bridge.asgi.Endpoint;
import io.spvn.bridge.asgi.Extensions;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Scope;
import io.spvn.bridge.asgi.Tls;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes scopes into batches. Keys and texts that recur are written once in a batch. One thread at
/// a time.
///
/// A path that is not ASCII goes as bytes: the child decodes it, as Python does.
final class ScopeWriter {
    private static final int LONGEST_TEXT = 255;
    private static final int MOST_KEPT = 256;

    private final String rootPath;
    private final byte[] rootPathBytes;
    private final Map<String, Integer> marks = new HashMap<>();
    private final Map<String, byte[]> encoded = new HashMap<>();

    /// @param rootPath path under which the app is mounted, empty for none
    ScopeWriter(String rootPath) {
        this.rootPath = rootPath;
        this.rootPathBytes = rootPath.getBytes(StandardCharsets.UTF_8);
    }

    /// A new batch has begun.
    void begin() {
        marks.clear();
    }

    void write(MarshalWriter out, Scope.Request scope) {
        out.dict();
        switch (scope) {
            case Scope.Http http -> {
                pair(out, "type", "http");
                common(out, scope);
                pair(out, "method", http.method());
                pair(out, "scheme", http.peers().scheme());
            }
            case Scope.WebSocket socket -> {
                pair(out, "type", "websocket");
                common(out, scope);
                pair(out, "scheme", socket.scheme());
                key(out, "subprotocols");
                out.list(socket.subprotocols().size());
                socket.subprotocols().forEach(out::text);
            }
        }
        extensions(out, scope);
        out.endDict();
    }

    private void common(MarshalWriter out, Scope.Request scope) {
        pair(out, "http_version", scope.httpVersion());
        String prefix = scope.peers().prefix();
        key(out, "path");
        path(out, prefix, scope.path());
        key(out, "raw_path");
        out.bytes(scope.rawPath(), 0, scope.rawPath().length);
        key(out, "query_string");
        out.bytes(scope.query(), 0, scope.query().length);
        pair(out, "root_path", prefix + rootPath);
        key(out, "headers");
        headers(out, scope.headers());
        key(out, "client");
        endpoint(out, scope.peers().client());
        key(out, "server");
        endpoint(out, scope.peers().server());
    }

    private void extensions(MarshalWriter out, Scope.Request scope) {
        key(out, "extensions");
        out.dict();
        Tls tls = scope.peers().tls();
        if (tls != null) {
            key(out, "tls");
            tls(out, tls);
        }
        for (String offered : Extensions.of(scope)) {
            key(out, offered);
            out.dict();
            out.endDict();
        }
        out.endDict();
    }

    private void tls(MarshalWriter out, Tls tls) {
        out.dict();
        key(out, "server_cert");
        out.text(tls.serverCert());
        key(out, "client_cert_chain");
        out.list(tls.clientChain().size());
        tls.clientChain().forEach(out::text);
        key(out, "client_cert_name");
        String name = tls.clientName();
        if (name == null) {
            out.none();
        } else {
            out.text(name);
        }
        key(out, "client_cert_error");
        out.none();
        key(out, "tls_version");
        out.integer(tls.version());
        key(out, "cipher_suite");
        out.integer(tls.cipherSuite());
        out.endDict();
    }

    private void pair(MarshalWriter out, String key, String value) {
        key(out, key);
        recurring(out, value);
    }

    private void key(MarshalWriter out, String key) {
        recurring(out, key);
    }

    private void recurring(MarshalWriter out, String value) {
        Integer mark = marks.get(value);
        if (mark != null) {
            out.reference(mark);
            return;
        }
        byte[] bytes = encoded.get(value);
        if (bytes == null) {
            bytes = value.getBytes(StandardCharsets.UTF_8);
            if (bytes.length > LONGEST_TEXT || !isAscii(bytes)) {
                out.text(value);
                return;
            }
            if (encoded.size() < MOST_KEPT) {
                encoded.put(value, bytes);
            }
        }
        marks.put(value, out.markedText(bytes));
    }

    private void path(MarshalWriter out, String prefix, byte[] path) {
        byte[] root =
                prefix.isEmpty()
                        ? rootPathBytes
                        : (prefix + rootPath).getBytes(StandardCharsets.UTF_8);
        if (root.length == 0) {
            text(out, path);
            return;
        }
        byte[] whole = Arrays.copyOf(root, root.length + path.length);
        System.arraycopy(path, 0, whole, root.length, path.length);
        text(out, whole);
    }

    private static void text(MarshalWriter out, byte[] text) {
        if (isAscii(text)) {
            out.ascii(text);
        } else {
            out.bytes(text, 0, text.length);
        }
    }

    private static boolean isAscii(byte[] text) {
        for (byte each : text) {
            if (each < 0) {
                return false;
            }
        }
        return true;
    }

    private static void headers(MarshalWriter out, Headers headers) {
        byte[] block = headers.block();
        int size = headers.size();
        out.list(size);
        for (int i = 0; i < size; i++) {
            out.tuple(2);
            out.bytes(block, headers.nameStart(i), headers.nameEnd(i));
            out.bytes(block, headers.valueStart(i), headers.valueEnd(i));
        }
    }

    private void endpoint(MarshalWriter out, @Nullable Endpoint endpoint) {
        if (endpoint == null) {
            out.none();
            return;
        }
        out.tuple(2);
        recurring(out, endpoint.host());
        if (endpoint.port() < 0) {
            out.none();
        } else {
            out.integer(endpoint.port());
        }
    }
}
