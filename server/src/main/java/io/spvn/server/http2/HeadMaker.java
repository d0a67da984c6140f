package io.spvn.server.http2;

import static io.spvn.server.http.FieldNames.HOST;

import io.spvn.bridge.asgi.HeaderSyntax;
import io.spvn.bridge.asgi.Headers;
import io.spvn.server.http.Ascii;
import io.spvn.server.http.Authority;
import io.spvn.server.http.ContentLength;
import io.spvn.server.http.HostField;
import io.spvn.server.http.Lookalikes;
import io.spvn.server.http.Methods;
import io.spvn.server.http.RequestRules;
import io.spvn.server.http.RequestTarget;
import io.spvn.server.http.RequestWishes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes a request head of fields of which each by itself is legal. The block of its headers begins
/// with a request line as that of HTTP/1.1 does, for logs and for who reads targets; `:authority`
/// is the first header, as `host`, and the crumbs of a cookie are one (RFC 9113 8.2.3).
final class HeadMaker {
    private static final byte[] COOKIE = Ascii.bytes("cookie");
    private static final byte[] CRUMB_END = Ascii.bytes("; ");
    private static final byte[] NOTHING = {};

    private final Map<Pseudo, byte[]> pseudo;
    private final List<byte[]> fields;
    private final Block block;
    private final int[] bounds;
    private int marks;

    /// @param fields names and values in turn
    HeadMaker(Map<Pseudo, byte[]> pseudo, List<byte[]> fields) {
        this.pseudo = pseudo;
        this.fields = fields;
        this.bounds = new int[2 * fields.size() + 4];
        this.block = new Block(length(pseudo, fields));
    }

    private static int length(Map<Pseudo, byte[]> pseudo, List<byte[]> fields) {
        int length = HOST.length + 1 + fields.size();
        for (byte[] each : pseudo.values()) {
            length += each.length;
        }
        for (byte[] each : fields) {
            length += each.length;
        }
        return length;
    }

    Http2Head head() throws MalformedFields {
        checkMethod();
        byte[] protocol = pseudo.get(Pseudo.PROTOCOL);
        byte[] authority = pseudo.get(Pseudo.AUTHORITY);
        boolean tunnel = isConnect() && protocol == null;
        byte[] line = tunnel ? tunnelTarget(authority) : path(protocol);
        byte[] method = pseudo(Pseudo.METHOD);
        block.put(method, 0, method.length);
        block.put(' ');
        block.put(line, 0, line.length);
        int targetEnd = block.length();
        checkAuthority(authority, tunnel);
        putFields(authority);
        Headers headers = headers();
        Lookalikes.refuse(headers);
        byte[] bytes = headers.block();
        String name = Methods.of(bytes, method.length);
        String form = protocol == null ? name : Methods.GET;
        RequestTarget target = RequestTarget.of(form, bytes, method.length + 1, targetEnd);
        return new Http2Head(
                name,
                text(pseudo.get(Pseudo.SCHEME)),
                protocol == null ? null : text(protocol),
                target,
                HostField.effective(headers, target, true),
                method.length,
                targetEnd,
                ContentLength.of(headers),
                RequestWishes.waitsForLeave(headers),
                "");
    }

    private void checkMethod() throws MalformedFields {
        byte[] method = pseudo.get(Pseudo.METHOD);
        if (method == null) {
            throw FieldRules.METHOD_MISSING.broken();
        }
        if (!isToken(method)) {
            throw FieldRules.METHOD_SYNTAX.broken();
        }
    }

    private boolean isConnect() {
        return Arrays.equals(pseudo.get(Pseudo.METHOD), Ascii.bytes(Methods.CONNECT));
    }

    /// CONNECT has host and port, and nothing else (RFC 9113 8.5).
    private byte[] tunnelTarget(byte @Nullable [] authority) throws MalformedFields {
        if (pseudo.containsKey(Pseudo.SCHEME) || pseudo.containsKey(Pseudo.PATH)) {
            throw FieldRules.CONNECT_FIELDS.broken();
        }
        if (authority == null) {
            throw FieldRules.CONNECT_AUTHORITY.broken();
        }
        return authority;
    }

    /// The path of a request that has one, also of a CONNECT with a protocol (RFC 8441 4).
    private byte[] path(byte @Nullable [] protocol) throws MalformedFields {
        if (protocol != null && !isConnect()) {
            throw FieldRules.PROTOCOL_METHOD.broken();
        }
        if (protocol != null && !isToken(protocol)) {
            throw FieldRules.PROTOCOL_SYNTAX.broken();
        }
        if (protocol != null && !pseudo.containsKey(Pseudo.AUTHORITY)) {
            throw FieldRules.CONNECT_AUTHORITY.broken();
        }
        byte[] scheme = pseudo.get(Pseudo.SCHEME);
        if (scheme == null) {
            throw FieldRules.SCHEME_MISSING.broken();
        }
        if (!isScheme(scheme)) {
            throw FieldRules.SCHEME_SYNTAX.broken();
        }
        byte[] path = pseudo(Pseudo.PATH);
        if (path.length == 0) {
            throw FieldRules.PATH_MISSING.broken();
        }
        checkPath(path);
        return path;
    }

    /// The asterisk has a rule of every version.
    private static void checkPath(byte[] path) throws MalformedFields {
        boolean asterisk = path.length == 1 && path[0] == '*';
        if (path[0] != '/' && !asterisk) {
            throw FieldRules.PATH_FORM.broken();
        }
        int end = RequestTarget.end(path, 0, path.length);
        if (end < path.length) {
            boolean fragment = path[end] == '#';
            throw (fragment ? RequestRules.TARGET_FRAGMENT : RequestRules.TARGET_CONTROL).error();
        }
    }

    private void checkAuthority(byte @Nullable [] authority, boolean tunnel)
            throws MalformedFields {
        if (authority == null) {
            return;
        }
        int length = authority.length;
        if (Ascii.indexOf((byte) '@', authority, 0, length) < length) {
            throw RequestRules.TARGET_USERINFO.error();
        }
        if (!tunnel && !Authority.isHost(authority, 0, length)) {
            throw RequestRules.TARGET_AUTHORITY.error();
        }
        byte[] host = null;
        for (int i = 0; i < fields.size(); i += 2) {
            if (Arrays.equals(HOST, fields.get(i))) {
                if (host != null) {
                    throw RequestRules.HOST_REPEATED.error();
                }
                host = fields.get(i + 1);
            }
        }
        if (host != null && !isSame(authority, host)) {
            throw FieldRules.AUTHORITY_AND_HOST.broken();
        }
    }

    /// Whether both name the same host, once one has left out the port that the scheme has anyway.
    private boolean isSame(byte[] authority, byte[] host) {
        return normal(authority).equalsIgnoreCase(normal(host));
    }

    private String normal(byte[] authority) {
        String host = text(authority);
        String port = text(pseudo.get(Pseudo.SCHEME)).equalsIgnoreCase("https") ? ":443" : ":80";
        for (String usual : List.of(port, ":")) {
            if (host.endsWith(usual)) {
                return host.substring(0, host.length() - usual.length());
            }
        }
        return host;
    }

    private void putFields(byte @Nullable [] authority) {
        if (authority != null) {
            put(HOST);
            put(authority);
        }
        boolean crumbs = false;
        for (int i = 0; i < fields.size(); i += 2) {
            byte[] name = fields.get(i);
            boolean cookie = Arrays.equals(COOKIE, name);
            boolean host = authority != null && Arrays.equals(HOST, name);
            if (!host && !(cookie && crumbs)) {
                put(name);
                putValue(cookie, i);
            }
            crumbs |= cookie;
        }
    }

    private void putValue(boolean cookie, int field) {
        put(fields.get(field + 1));
        for (int i = field + 2; cookie && i < fields.size(); i += 2) {
            if (Arrays.equals(COOKIE, fields.get(i))) {
                block.put(CRUMB_END, 0, CRUMB_END.length);
                block.put(fields.get(i + 1), 0, fields.get(i + 1).length);
                bounds[marks - 1] = block.length();
            }
        }
    }

    private void put(byte[] text) {
        bounds[marks++] = block.length();
        block.put(text, 0, text.length);
        bounds[marks++] = block.length();
    }

    private Headers headers() {
        Headers.Builder all = Headers.over(block.array(), marks / 4);
        for (int i = 0; i < marks; i += 4) {
            all.field(bounds[i], bounds[i + 1], bounds[i + 2], bounds[i + 3]);
        }
        return all.build();
    }

    private byte[] pseudo(Pseudo name) {
        byte[] value = pseudo.get(name);
        return value == null ? NOTHING : value;
    }

    private static boolean isToken(byte[] text) {
        return text.length > 0 && HeaderSyntax.tokenEnd(text, 0, text.length) == text.length;
    }

    /// A letter, then letters, digits and a few others (RFC 3986 3.1).
    private static boolean isScheme(byte[] text) {
        if (text.length == 0 || !Ascii.isAlphanumeric(text[0]) || Ascii.isDigit(text[0])) {
            return false;
        }
        for (byte octet : text) {
            if (!Ascii.isAlphanumeric(octet) && "+-.".indexOf(octet) < 0) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
