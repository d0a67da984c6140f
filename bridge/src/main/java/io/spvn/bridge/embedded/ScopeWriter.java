package io.spvn.bridge.embedded;

import io.spvn.bridge.asgi.Endpoint;
import io.spvn.bridge.asgi.Extensions;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Inbound;
import io.spvn.bridge.asgi.Scope;
import io.spvn.bridge.asgi.Tls;
import io.spvn.bridge.python.CPython;
import io.spvn.bridge.python.Utf8Decoder;
import io.spvn.bridge.python.Values;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes the Python objects that an app gets: the scope of a request and the events of `receive()`.
///
/// A scope is a copy of a template with the constant keys, to which the request's own are added.
/// What an app may change (`asgi`, `state`, `extensions`, the header list) is new for each request.
/// Worker thread only. Objects returned are new references.
final class ScopeWriter {
    private static final int MOST_TEXTS = 256;

    private final Names names;
    private final long template;
    private final long asgi;
    private final long state;
    private final byte[] rootPath;
    private final FieldCache fields = new FieldCache();
    private final TlsWriter tls = new TlsWriter();
    private final Utf8Decoder decoder = new Utf8Decoder();
    private final Map<String, Long> texts = new HashMap<>();
    private final Map<String, Long> keys = new HashMap<>();

    /// @param template dict of the constant keys; with `asgi` and `state` it is kept for the life
    ///   of the interpreter
    ScopeWriter(Names names, long template, long asgi, long state, String rootPath) {
        this.names = names;
        this.template = counted(template);
        this.asgi = counted(asgi);
        this.state = counted(state);
        this.rootPath = rootPath.getBytes(StandardCharsets.UTF_8);
    }

    /// The scope dict of a request.
    long scope(Scope.Request request) {
        long scope = Values.require(CPython.dictCopy(template));
        try {
            fill(scope, request);
            return scope;
        } catch (RuntimeException | Error failure) {
            CPython.decRef(scope);
            throw failure;
        }
    }

    private void fill(long scope, Scope.Request request) {
        Values.put(scope, names.asgi, CPython.dictCopy(asgi));
        Values.put(scope, names.state, CPython.dictCopy(state));
        Values.put(scope, names.extensions, extensions(request));
        Values.put(scope, names.httpVersion, text(request.httpVersion()));
        switch (request) {
            case Scope.Http http -> {
                Values.put(scope, names.method, text(http.method()));
                Values.put(scope, names.scheme, text(http.peers().scheme()));
            }
            case Scope.WebSocket socket -> fillWebSocket(scope, socket);
        }
        putPath(scope, request);
        Values.put(scope, names.rawPath, bytes(request.rawPath()));
        Values.put(scope, names.queryString, bytes(request.query()));
        Values.put(scope, names.headers, headers(request.headers()));
        Values.put(scope, names.client, endpoint(request.peers().client()));
        Values.put(scope, names.server, endpoint(request.peers().server()));
    }

    /// The template has the root path that all requests have.
    private void putPath(long scope, Scope.Request request) {
        String prefix = request.peers().prefix();
        if (prefix.isEmpty()) {
            Values.put(scope, names.path, decoder.text(rootPath, request.path()));
            return;
        }
        String root = prefix + new String(rootPath, StandardCharsets.UTF_8);
        byte[] mounted = root.getBytes(StandardCharsets.UTF_8);
        Values.put(scope, names.rootPath, Values.str(root));
        Values.put(scope, names.path, decoder.text(mounted, request.path()));
    }

    private void fillWebSocket(long scope, Scope.WebSocket socket) {
        Values.put(scope, names.type, counted(names.websocket));
        Values.put(scope, names.scheme, text(socket.scheme()));
        Values.put(scope, names.subprotocols, Values.of(socket.subprotocols()));
    }

    private long extensions(Scope.Request request) {
        long extensions = Values.require(CPython.dictNew());
        try {
            Tls of = request.peers().tls();
            if (of != null) {
                Values.put(extensions, names.tls, tls.dict(of));
            }
            for (String offered : Extensions.of(request)) {
                Values.put(extensions, key(offered), CPython.dictNew());
            }
            return extensions;
        } catch (RuntimeException | Error failure) {
            CPython.decRef(extensions);
            throw failure;
        }
    }

    /// Borrowed; kept for the life of the interpreter.
    private long key(String name) {
        Long known = keys.get(name);
        if (known == null) {
            known = Names.intern(name);
            keys.put(name, known);
        }
        return known;
    }

    /// An event of `receive()`.
    long event(Inbound inbound) {
        long event = Values.require(CPython.dictNew());
        try {
            fill(event, inbound);
            return event;
        } catch (RuntimeException | Error failure) {
            CPython.decRef(event);
            throw failure;
        }
    }

    private void fill(long event, Inbound inbound) {
        switch (inbound) {
            case Inbound.Disconnect() ->
                    Values.put(event, names.type, counted(names.httpDisconnect));
            case Inbound.RequestBody(List<byte[]> parts, boolean more) -> {
                Values.put(event, names.type, counted(names.httpRequest));
                Values.put(event, names.body, joined(parts));
                Values.put(event, names.moreBody, counted(more ? CPython.TRUE : CPython.FALSE));
            }
            case Inbound.Connect() ->
                    Values.put(event, names.type, counted(names.websocketConnect));
            case Inbound.Message(byte[] data, boolean text) -> {
                Values.put(event, names.type, counted(names.websocketReceive));
                if (text) {
                    Values.put(event, names.text, decoder.text(data));
                } else {
                    Values.put(event, names.bytes, bytes(data));
                }
            }
            case Inbound.Closed(int code, String reason) -> {
                Values.put(event, names.type, counted(names.websocketDisconnect));
                Values.put(event, names.code, CPython.longFromLong(code));
                Values.put(event, names.reason, Values.str(reason));
            }
        }
    }

    private long headers(Headers headers) {
        int size = headers.size();
        byte[] block = headers.block();
        long list = Values.require(CPython.listNew(size));
        try {
            for (int i = 0; i < size; i++) {
                long field =
                        fields.field(
                                block,
                                headers.nameStart(i),
                                headers.nameEnd(i),
                                headers.valueStart(i),
                                headers.valueEnd(i));
                CPython.listSetStealing(list, i, field);
            }
            return list;
        } catch (RuntimeException | Error failure) {
            CPython.decRef(list);
            throw failure;
        }
    }

    private long endpoint(@Nullable Endpoint endpoint) {
        if (endpoint == null) {
            return counted(CPython.NONE);
        }
        long pair = Values.require(CPython.tupleNew(2));
        try {
            Values.fill(pair, 0, text(endpoint.host()));
            Values.fill(pair, 1, port(endpoint));
            return pair;
        } catch (RuntimeException | Error failure) {
            CPython.decRef(pair);
            throw failure;
        }
    }

    private static long port(Endpoint endpoint) {
        return endpoint.port() >= 0 ? CPython.longFromLong(endpoint.port()) : counted(CPython.NONE);
    }

    /// A `str` that recurs: methods, schemes, addresses.
    private long text(String text) {
        Long known = texts.get(text);
        if (known == null) {
            known = Values.str(text);
            if (texts.size() >= MOST_TEXTS) {
                return known;
            }
            texts.put(text, known);
        }
        return counted(known);
    }

    private static long joined(List<byte[]> parts) {
        int size = 0;
        for (byte[] part : parts) {
            size += part.length;
        }
        long object = Values.require(CPython.bytesNew(0, size));
        long address = CPython.bytesAddress(object);
        for (byte[] part : parts) {
            CPython.write(part, 0, address, part.length);
            address += part.length;
        }
        return object;
    }

    private static long bytes(byte[] value) {
        return Values.bytes(value, 0, value.length);
    }

    /// One more reference to an object that others hold.
    private static long counted(long object) {
        CPython.incRef(object);
        return object;
    }
}
