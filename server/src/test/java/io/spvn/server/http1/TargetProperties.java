package io.spvn.server.http1;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Scope;
import io.spvn.server.http.Methods;
import io.spvn.server.http.PercentCoding;
import java.util.HexFormat;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What holds for the target of every head that is accepted: path and query are cut from it where a
/// simple search cuts them, and the path is decoded as a simple replacement decodes it.
final class TargetProperties {
    private static final Pattern TARGET = Pattern.compile("[\\x21-\\x7E\\x80-\\xFF&&[^#]]+");
    private static final Pattern ENCODED = Pattern.compile("%([0-9A-Fa-f]{2})");

    private TargetProperties() {}

    static void check(RequestHead head) {
        Scope.Http scope = head.scope(Heads.PEERS);
        String target = Heads.text(head.target());
        String rest = target.replaceFirst("^(?i:https?)://[^/?]*", "");
        int mark = rest.indexOf('?');
        assertTrue(TARGET.matcher(target).matches());
        assertEquals(path(head, rest, mark), Heads.text(scope.rawPath()));
        assertEquals(mark < 0 ? "" : rest.substring(mark + 1), Heads.text(scope.query()));
        assertEquals(decoded(Heads.text(scope.rawPath())), Heads.text(scope.path()));
    }

    /// Any bytes, encoded, decode to themselves; and as they are, like the replacement does it.
    static void checkDecoding(byte[] bytes) {
        byte[] encoded = Heads.bytes(HexFormat.of().withPrefix("%").formatHex(bytes));
        assertArrayEquals(bytes, PercentCoding.decoded(encoded));
        assertEquals(decoded(Heads.text(bytes)), Heads.text(PercentCoding.decoded(bytes)));
    }

    private static String path(RequestHead head, String rest, int mark) {
        if (rest.isEmpty() && head.method().equals(Methods.OPTIONS)) {
            return "*";
        }
        String path = mark < 0 ? rest : rest.substring(0, mark);
        return path.isEmpty() ? "/" : path;
    }

    private static String decoded(String path) {
        return ENCODED.matcher(path).replaceAll(TargetProperties::character);
    }

    private static String character(MatchResult encoded) {
        char octet = (char) Integer.parseInt(encoded.group(1), 16);
        return Matcher.quoteReplacement(String.valueOf(octet));
    }
}
