package io.spvn.bridge.worker;

import io.spvn.bridge.asgi.Endpoint;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Inbound;
import io.spvn.bridge.asgi.Scope;
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
    private final Utf8Decoder decoder = new Utf8Decoder();
    private final Map<String, Long> texts = new HashMap<>();

    /// @param template dict of the constant keys; with `asgi` and `state` it is kept for the life
    ///   of the interpreter
    ScopeWriter(Names names, long template, long asgi, long state, String rootPath) {
        this.names = names;
        this.template = kept(template);
        this.asgi = kept(asgi);
        this.state = kept(state);
        this.rootPath = rootPath.getBytes(StandardCharsets.UTF_8);
    }

    /// The scope dict of a request.
    long scope(Scope.Http request) {
        long scope = Values.require(CPython.dictCopy(template));
        try {
            fill(scope, request);
            return scope;
        } catch (RuntimeException | Error failure) {
            CPython.decRef(scope);
            throw failure;
        }
    }

    private void fill(long scope, Scope.Http request) {
        set(scope, names.asgi, CPython.dictCopy(asgi));
        set(scope, names.state, CPython.dictCopy(state));
        set(scope, names.extensions, CPython.dictNew());
        set(scope, names.httpVersion, text(request.httpVersion()));
        set(scope, names.method, text(request.method()));
        set(scope, names.scheme, text(request.peers().scheme()));
        set(scope, names.path, decoder.text(rootPath, request.path()));
        set(scope, names.rawPath, bytes(request.rawPath()));
        set(scope, names.queryString, bytes(request.query()));
        set(scope, names.headers, headers(request.headers()));
        set(scope, names.client, endpoint(request.peers().client()));
        set(scope, names.server, endpoint(request.peers().server()));
    }

    /// An event of `receive()`.
    long event(Inbound inbound) {
        long event = Values.require(CPython.dictNew());
        switch (inbound) {
            case Inbound.Disconnect() -> CPython.dictSet(event, names.type, names.httpDisconnect);
            case Inbound.RequestBody(List<byte[]> parts, boolean more) -> {
                CPython.dictSet(event, names.type, names.httpRequest);
                set(event, names.body, joined(parts));
                CPython.dictSet(event, names.moreBody, more ? CPython.TRUE : CPython.FALSE);
            }
        }
        return event;
    }

    private static void set(long dict, long key, long value) {
        Values.require(value);
        CPython.dictSet(dict, key, value);
        CPython.decRef(value);
    }

    private long headers(Headers headers) {
        int size = headers.size();
        byte[] block = headers.block();
        long list = Values.require(CPython.listNew(size));
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
    }

    private long endpoint(@Nullable Endpoint endpoint) {
        if (endpoint == null) {
            CPython.incRef(CPython.NONE);
            return CPython.NONE;
        }
        long pair = Values.require(CPython.tupleNew(2));
        CPython.tupleSetStealing(pair, 0, text(endpoint.host()));
        CPython.tupleSetStealing(pair, 1, port(endpoint));
        return pair;
    }

    private static long port(Endpoint endpoint) {
        if (endpoint.port() >= 0) {
            return CPython.longFromLong(endpoint.port());
        }
        CPython.incRef(CPython.NONE);
        return CPython.NONE;
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
        CPython.incRef(known);
        return known;
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

    private static long kept(long object) {
        CPython.incRef(object);
        return object;
    }
}
