package io.spvn.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Headers;
import io.spvn.server.http.ListField;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What holds for the fields of every head that is accepted: clean names and values, one way to
/// find the end of the body, one host, and lists that are read as a simple split reads them.
final class FieldProperties {
    private static final Pattern NAME = Pattern.compile("[0-9a-z!#$%&'*+.^_`|~-]+");
    private static final Pattern VALUE = Pattern.compile("[\t\\x20-\\x7E\\x80-\\xFF]*");
    private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,18}");
    private static final Pattern HOST =
            Pattern.compile(
                    "(\\[[^\\[\\]@/,?# ]+]|([0-9A-Za-z._~!$&'()*+;=-]|%[0-9A-Fa-f]{2})+)(:[0-9]*)?");

    private FieldProperties() {}

    static void check(RequestHead head) {
        Headers fields = head.headers();
        for (int i = 0; i < fields.size(); i++) {
            String value = Heads.text(fields.value(i));
            assertTrue(NAME.matcher(name(fields, i)).matches());
            assertTrue(VALUE.matcher(value).matches());
            assertEquals(stripped(value), value);
            sameMembers(fields, name(fields, i));
        }
        oneFraming(head);
        oneHost(head);
    }

    static String name(Headers fields, int index) {
        int from = fields.nameStart(index);
        return Heads.text(fields.block(), from, fields.nameEnd(index) - from);
    }

    private static List<String> values(Headers fields, String name) {
        return IntStream.range(0, fields.size())
                .filter(i -> name(fields, i).equals(name))
                .mapToObj(i -> Heads.text(fields.value(i)))
                .toList();
    }

    private static void oneFraming(RequestHead head) {
        List<String> lengths = values(head.headers(), "content-length");
        List<String> codings = values(head.headers(), "transfer-encoding");
        assertTrue(lengths.size() + codings.size() <= 1);
        assertTrue(values(head.headers(), "content_length").isEmpty());
        assertTrue(values(head.headers(), "transfer_encoding").isEmpty());
        switch (head.framing()) {
            case Framing.None() -> assertEquals(List.of(), bodies(lengths, codings));
            case Framing.Length(long bytes) ->
                    assertEquals(List.of(String.valueOf(bytes)), lengths);
            case Framing.Chunked() ->
                    assertTrue(codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked"));
        }
        assertTrue(lengths.stream().allMatch(length -> LENGTH.matcher(length).matches()));
    }

    private static List<String> bodies(List<String> lengths, List<String> codings) {
        return Stream.concat(
                        lengths.stream().filter(length -> !length.equals("0")), codings.stream())
                .toList();
    }

    private static void oneHost(RequestHead head) {
        List<String> hosts = values(head.headers(), "host");
        assertTrue(hosts.size() == 1 || (hosts.isEmpty() && head.http10()));
        assertTrue(hosts.stream().allMatch(host -> HOST.matcher(host).matches()));
    }

    private static void sameMembers(Headers fields, String name) {
        List<String> expected =
                values(fields, name).stream()
                        .flatMap(value -> Stream.of(value.split(",", -1)))
                        .map(FieldProperties::stripped)
                        .toList();
        assertEquals(expected, members(fields, name));
    }

    private static List<String> members(Headers fields, String name) {
        var list = new ListField(fields, Heads.bytes(name));
        List<String> members = new ArrayList<>();
        while (list.next()) {
            members.add(Heads.text(fields.block(), list.from(), list.to() - list.from()));
        }
        return members;
    }

    private static String stripped(String value) {
        return value.replaceAll("^[ \t]+|[ \t]+\\z", "");
    }
}
