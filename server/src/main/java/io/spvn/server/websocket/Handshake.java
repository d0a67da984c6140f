package io.spvn.server.websocket;

import static io.spvn.server.http.FieldNames.CONNECTION;
import static io.spvn.server.http.FieldNames.CONTENT_LENGTH;
import static io.spvn.server.http.FieldNames.TRANSFER_ENCODING;
import static io.spvn.server.http.FieldNames.UPGRADE;

import io.spvn.bridge.asgi.HeaderSyntax;
import io.spvn.bridge.asgi.Headers;
import io.spvn.server.http.Ascii;
import io.spvn.server.http.ListField;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A client's request for a WebSocket, over HTTP/1.1 (RFC 6455 4.2) or HTTP/2 (RFC 8441 5), that
/// broke no rule of [HandshakeRules].
///
/// @param accept what the server proves with that it has read the client's key; "" over HTTP/2,
///   which has no keys
/// @param subprotocols as offered, the one that the client likes best first
/// @param extensions as offered
public record Handshake(String accept, List<String> subprotocols, List<Extension> extensions) {
    private static final byte[] WEBSOCKET = Ascii.bytes("websocket");
    private static final byte[] KEY = Ascii.bytes("sec-websocket-key");
    private static final byte[] VERSION = Ascii.bytes("sec-websocket-version");
    private static final byte[] PROTOCOL = Ascii.bytes("sec-websocket-protocol");
    private static final byte[] EXTENSIONS = Ascii.bytes("sec-websocket-extensions");
    private static final byte[] ACCEPT = Ascii.bytes("sec-websocket-accept");

    private static final long SPOKEN = 13;
    private static final int KEY_OCTETS = 16;
    private static final int KEY_DIGITS = 24;
    private static final byte[] GUID = Ascii.bytes("258EAFA5-E914-47DA-95CA-C5AB0DC85B11");

    public Handshake {
        subprotocols = List.copyOf(subprotocols);
        extensions = List.copyOf(extensions);
    }

    /// Whether a request asks for a WebSocket at all. One that does not say all of this is an
    /// ordinary request, whatever else it says of WebSockets.
    ///
    /// @param http10 whose clients cannot ask for another protocol (RFC 9110 7.8)
    public static boolean isAskedFor(String method, boolean http10, Headers headers) {
        return !http10
                && method.equals("GET")
                && headers.find(UPGRADE, 0) >= 0
                && ListField.contains(headers, UPGRADE, WEBSOCKET)
                && ListField.contains(headers, CONNECTION, UPGRADE);
    }

    /// Reads a request that asks for a WebSocket over HTTP/1.1.
    ///
    /// @throws HandshakeError when it is refused
    public static Handshake of(Headers headers) {
        checkVersion(headers);
        checkBody(headers);
        return of(headers, accept(key(headers)));
    }

    /// Reads an extended CONNECT for a WebSocket.
    ///
    /// @throws HandshakeError when it is refused
    public static Handshake overHttp2(Headers headers) {
        checkVersion(headers);
        return of(headers, "");
    }

    private static Handshake of(Headers headers, String accept) {
        return new Handshake(
                accept, subprotocols(headers), ExtensionParser.parse(headers, EXTENSIONS));
    }

    /// The fields of a `101 Switching Protocols` that make it the answer to this request.
    ///
    /// @param subprotocol one of those that were offered, null for none
    public Headers answer(@Nullable String subprotocol, @Nullable PerMessageDeflate deflate) {
        Headers upgrade =
                Headers.of(
                        UPGRADE,
                        WEBSOCKET,
                        CONNECTION,
                        Ascii.bytes("Upgrade"),
                        ACCEPT,
                        Ascii.bytes(accept));
        return upgrade.with(agreed(subprotocol, deflate));
    }

    /// Those of them that say what is agreed on, which are all that there are over HTTP/2.
    public Headers agreed(@Nullable String subprotocol, @Nullable PerMessageDeflate deflate) {
        List<byte[]> fields = new ArrayList<>();
        if (subprotocol != null) {
            add(fields, PROTOCOL, subprotocol);
        }
        if (deflate != null) {
            add(fields, EXTENSIONS, deflate.answer());
        }
        return Headers.of(fields.toArray(byte[][]::new));
    }

    private static void add(List<byte[]> fields, byte[] name, String value) {
        fields.add(name);
        fields.add(Ascii.bytes(value));
    }

    private static void checkVersion(Headers headers) {
        int line = headers.find(VERSION, 0);
        if (line >= 0 && headers.find(VERSION, line + 1) >= 0) {
            throw new HandshakeError(HandshakeRules.VERSION_REPEATED);
        }
        if (line < 0 || !isSpoken(headers.value(line))) {
            throw new HandshakeError(HandshakeRules.VERSION);
        }
    }

    private static boolean isSpoken(byte[] version) {
        return version.length > 0
                && version[0] != '0'
                && HeaderSyntax.decimal(version, 0, version.length) == SPOKEN;
    }

    /// Where it ends would have to be known before what follows is read as frames.
    private static void checkBody(Headers headers) {
        int length = headers.find(CONTENT_LENGTH, 0);
        boolean empty = length < 0 || decimal(headers, length) == 0;
        if (!empty || headers.find(TRANSFER_ENCODING, 0) >= 0) {
            throw new HandshakeError(HandshakeRules.BODY);
        }
    }

    private static long decimal(Headers headers, int line) {
        return HeaderSyntax.decimal(
                headers.block(), headers.valueStart(line), headers.valueEnd(line));
    }

    private static byte[] key(Headers headers) {
        int line = headers.find(KEY, 0);
        if (line < 0) {
            throw new HandshakeError(HandshakeRules.KEY_MISSING);
        }
        if (headers.find(KEY, line + 1) >= 0) {
            throw new HandshakeError(HandshakeRules.KEY_REPEATED);
        }
        byte[] key = headers.value(line);
        if (!isKey(key)) {
            throw new HandshakeError(HandshakeRules.KEY);
        }
        return key;
    }

    private static boolean isKey(byte[] key) {
        try {
            return key.length == KEY_DIGITS && Base64.getDecoder().decode(key).length == KEY_OCTETS;
        } catch (IllegalArgumentException otherDigits) {
            return false;
        }
    }

    private static String accept(byte[] key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(key);
            return Base64.getEncoder().encodeToString(sha1.digest(GUID));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-1", impossible);
        }
    }

    private static List<String> subprotocols(Headers headers) {
        List<String> subprotocols = new ArrayList<>();
        var offered = new ListField(headers, PROTOCOL);
        while (offered.next()) {
            int from = offered.from();
            int to = offered.to();
            if (HeaderSyntax.tokenEnd(headers.block(), from, to) < to) {
                throw new HandshakeError(HandshakeRules.PROTOCOLS);
            }
            if (from < to) {
                subprotocols.add(
                        new String(headers.block(), from, to - from, StandardCharsets.US_ASCII));
            }
        }
        return subprotocols;
    }
}
