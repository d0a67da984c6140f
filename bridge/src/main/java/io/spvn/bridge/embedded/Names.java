package io.spvn.bridge.embedded;

import io.spvn.bridge.python.CPython;
import io.spvn.bridge.python.Values;

/// The constant strings of ASGI in one interpreter, as interned objects: a look-up in a dict that
/// the app wrote with the same literal compares pointers only. Worker thread only; the references
/// live as long as the interpreter.
final class Names {
    final long type = intern("type");
    final long asgi = intern("asgi");
    final long httpVersion = intern("http_version");
    final long method = intern("method");
    final long scheme = intern("scheme");
    final long path = intern("path");
    final long rootPath = intern("root_path");
    final long rawPath = intern("raw_path");
    final long queryString = intern("query_string");
    final long headers = intern("headers");
    final long client = intern("client");
    final long server = intern("server");
    final long state = intern("state");
    final long extensions = intern("extensions");
    final long tls = intern("tls");
    final long status = intern("status");
    final long body = intern("body");
    final long moreBody = intern("more_body");
    final long trailers = intern("trailers");
    final long moreTrailers = intern("more_trailers");
    final long links = intern("links");
    final long httpRequest = intern("http.request");
    final long httpDisconnect = intern("http.disconnect");
    final long websocket = intern("websocket");
    final long subprotocols = intern("subprotocols");
    final long subprotocol = intern("subprotocol");
    final long text = intern("text");
    final long bytes = intern("bytes");
    final long code = intern("code");
    final long reason = intern("reason");
    final long websocketConnect = intern("websocket.connect");
    final long websocketReceive = intern("websocket.receive");
    final long websocketDisconnect = intern("websocket.disconnect");

    static long intern(String text) {
        return Values.require(CPython.unicodeIntern(CPython.constant(text)));
    }
}
