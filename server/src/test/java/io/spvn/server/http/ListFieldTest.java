package io.spvn.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Headers;
import io.spvn.server.connection.Octets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ListFieldTest {
    private static final byte[] NAME = Octets.of("list");

    @Test
    void members_areTrimmedAndInOrderOverAllLines() {
        assertEquals(List.of("a", "b c", "d"), members(" a,\tb c ", "d"));
    }

    @Test
    void emptyMembers_areSeen() {
        assertEquals(List.of("", "a", "", ""), members(",a, ,"));
        assertEquals(List.of("", ""), members("", " "));
    }

    @Test
    void noLine_hasNoMembers() {
        assertEquals(List.of(), members());
    }

    @Test
    void contains_ignoresCaseOfTheList() {
        Headers headers = headers("x, CLOSE");
        assertTrue(ListField.contains(headers, NAME, Octets.of("close")));
        assertFalse(ListField.contains(headers, NAME, Octets.of("clos")));
        assertFalse(ListField.contains(headers, Octets.of("other"), Octets.of("close")));
    }

    private static List<String> members(String... lines) {
        Headers headers = headers(lines);
        var list = new ListField(headers, NAME);
        List<String> members = new ArrayList<>();
        while (list.next()) {
            members.add(Octets.text(headers.block()).substring(list.from(), list.to()));
        }
        assertFalse(list.next());
        return members;
    }

    private static Headers headers(String... lines) {
        List<byte[]> pairs = new ArrayList<>();
        for (String line : lines) {
            pairs.add(NAME);
            pairs.add(Octets.of(line));
            pairs.add(Octets.of("between"));
            pairs.add(Octets.of("z"));
        }
        return Headers.of(pairs.toArray(byte[][]::new));
    }
}
