package io.spvn.server.proxy;

import io.spvn.bridge.asgi.Headers;
import io.spvn.server.proxy.Forwarding.Node;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What one proxy says in `Forwarded` (RFC 7239 section 4).
///
/// @param node null where it does not tell the address, or gives it a name of its own
record ForwardedElement(@Nullable Node node, @Nullable String proto, @Nullable String host) {
    static final ForwardedElement NOTHING = new ForwardedElement(null, null, null);

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

    /// `name=token`, `name="quoted"`, or nothing, and what ends it.
    private static final Pattern PAIR =
            Pattern.compile(
                    "[ \\t]*+(?:(?<name>%s)=(?:(?<token>%s)|\"(?<quoted>(?:[^\"\\\\]|\\\\.)*+)\"))?[ \\t]*+(?<end>[;,]|$)"
                            .formatted(TOKEN, TOKEN));

    /// The elements of all lines from the last one to the first. What is wrong ends that, as does
    /// an element that says one thing twice: nobody knows what it means.
    static List<ForwardedElement> fromTheRight(Headers headers, byte[] name) {
        List<String> lines = new ArrayList<>();
        for (int i = headers.find(name, 0); i >= 0; i = headers.find(name, i + 1)) {
            lines.add(new String(headers.value(i), StandardCharsets.ISO_8859_1));
        }
        List<ForwardedElement> all = new ArrayList<>();
        for (String text : lines.reversed()) {
            List<ForwardedElement> line = line(text);
            if (line.isEmpty()) {
                all.addAll(last(text));
                return all;
            }
            all.addAll(line.reversed());
        }
        return all;
    }

    /// The last element of a line that is wrong to the left of it: the proxy's own, behind what it
    /// was sent.
    private static List<ForwardedElement> last(String text) {
        return line(text.substring(text.lastIndexOf(',') + 1));
    }

    /// The elements of a line; none when it is wrong.
    private static List<ForwardedElement> line(String text) {
        List<ForwardedElement> elements = new ArrayList<>();
        Map<String, String> pairs = new HashMap<>();
        Matcher matcher = PAIR.matcher(text);
        int at = 0;
        while (at <= text.length()) {
            matcher.region(at, text.length());
            if (!matcher.lookingAt() || !add(matcher, pairs)) {
                return List.of();
            }
            if (!matcher.group("end").equals(";")) {
                if (!pairs.isEmpty()) {
                    elements.add(of(pairs));
                }
                pairs.clear();
            }
            at = matcher.group("end").isEmpty() ? text.length() + 1 : matcher.end();
        }
        return elements;
    }

    private static boolean add(Matcher matcher, Map<String, String> pairs) {
        String name = matcher.group("name");
        if (name == null) {
            return true;
        }
        String quoted = matcher.group("quoted");
        String value = quoted == null ? matcher.group("token") : quoted.replaceAll("\\\\(.)", "$1");
        return pairs.put(name.toLowerCase(Locale.ROOT), value) == null;
    }

    private static ForwardedElement of(Map<String, String> pairs) {
        String node = pairs.get("for");
        return new ForwardedElement(
                node == null ? null : Node.parse(node), pairs.get("proto"), pairs.get("host"));
    }
}
