package io.spvn.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.asgi.Scope;
import io.spvn.server.connection.Octets;

/// Requests as text, one char an octet, for tests.
final class Heads {
    static final int MAX_LINE = 100;
    static final int MAX_BYTES = 1000;
    static final int MAX_FIELDS = 8;
    static final Peers PEERS = new Peers("http", null, null);

    private Heads() {}

    static HeadParser parser() {
        return new HeadParser(MAX_LINE, MAX_BYTES, MAX_FIELDS);
    }

    /// The head of a request, which must be complete and legal.
    static RequestHead parse(String request) {
        HeadParser parser = parser();
        byte[] bytes = bytes(request);
        if (parser.parse(bytes, 0, bytes.length) < 0) {
            throw new AssertionError("incomplete: " + request);
        }
        return parser.head();
    }

    static byte[] bytes(String text) {
        return Octets.of(text);
    }

    static String text(byte[] bytes) {
        return Octets.text(bytes);
    }

    static String text(byte[] bytes, int from, int length) {
        return Octets.text(bytes, from, length);
    }

    /// Headers as `name: value` lines.
    static String text(Headers headers) {
        var text = new StringBuilder();
        for (int i = 0; i < headers.size(); i++) {
            int name = headers.nameStart(i);
            text.append(new String(headers.block(), name, headers.nameEnd(i) - name, ISO_8859_1));
            text.append(": ").append(text(headers.value(i))).append('\n');
        }
        return text.toString();
    }

    /// All that a head says, to be compared.
    static String text(RequestHead head) {
        Scope.Http scope = head.scope(PEERS);
        return String.join(
                "\n",
                scope.method() + " " + text(head.target()) + " HTTP/" + scope.httpVersion(),
                text(scope.path()),
                text(scope.rawPath()),
                text(scope.query()),
                head.framing().toString(),
                head.keepAlive() + " " + head.expectsContinue() + " " + head.isHead(),
                text(scope.headers()));
    }
}
