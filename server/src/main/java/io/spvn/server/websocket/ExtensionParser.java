package io.spvn.server.websocket;

import io.spvn.bridge.asgi.HeaderSyntax;
import io.spvn.bridge.asgi.Headers;
import io.spvn.server.http.Ascii;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads `Sec-WebSocket-Extensions` by its grammar (RFC 6455 9.1), which other than most lists has
/// quoted strings, whose content must be a token. Several lines are one list; none of its members
/// may be empty but for stray commas (RFC 9110 5.6.1).
final class ExtensionParser {
    private final byte[] block;
    private final int end;
    private int at;

    private ExtensionParser(byte[] block, int from, int end) {
        this.block = block;
        this.at = from;
        this.end = end;
    }

    /// All extensions that are offered.
    ///
    /// @throws HandshakeError when the list is malformed
    static List<Extension> parse(Headers headers, byte[] name) {
        List<Extension> extensions = new ArrayList<>();
        for (int line = headers.find(name, 0); line >= 0; line = headers.find(name, line + 1)) {
            new ExtensionParser(headers.block(), headers.valueStart(line), headers.valueEnd(line))
                    .line(extensions);
        }
        return extensions;
    }

    private void line(List<Extension> extensions) {
        do {
            skipBlanks();
            if (at < end && block[at] != ',') {
                extensions.add(extension());
            }
        } while (skip(','));
        if (at < end) {
            throw malformed();
        }
    }

    private Extension extension() {
        String name = token();
        List<Extension.Parameter> parameters = new ArrayList<>();
        while (skip(';')) {
            parameters.add(parameter());
        }
        return new Extension(name, parameters);
    }

    private Extension.Parameter parameter() {
        String name = token();
        return new Extension.Parameter(name, skip('=') ? value() : null);
    }

    private @Nullable String value() {
        return skip('"') ? quoted() : token();
    }

    private String quoted() {
        var text = new StringBuilder();
        while (at < end && block[at] != '"') {
            if (block[at] == '\\') {
                at++;
            }
            if (at == end || HeaderSyntax.tokenEnd(block, at, at + 1) == at) {
                throw malformed();
            }
            text.append((char) block[at++]);
        }
        if (text.isEmpty() || at == end) {
            throw malformed();
        }
        at++;
        skipBlanks();
        return text.toString();
    }

    private String token() {
        int from = at;
        at = HeaderSyntax.tokenEnd(block, at, end);
        if (at == from) {
            throw malformed();
        }
        String token = new String(block, from, at - from, StandardCharsets.US_ASCII);
        skipBlanks();
        return token;
    }

    /// Skips a separator and the blanks behind it; but those in a quoted string are its own.
    private boolean skip(char separator) {
        if (at == end || block[at] != separator) {
            return false;
        }
        at++;
        if (separator != '"') {
            skipBlanks();
        }
        return true;
    }

    private void skipBlanks() {
        while (at < end && Ascii.isBlank(block[at])) {
            at++;
        }
    }

    private static HandshakeError malformed() {
        return new HandshakeError(HandshakeRules.EXTENSIONS);
    }
}
