package io.spvn.server.proxy;

import io.spvn.bridge.asgi.Headers;
import io.spvn.server.http.ListField;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The members of a field with commas, over all its lines, as texts.
final class FieldList {
    private FieldList() {}

    /// All that are not empty, in their order.
    static List<String> of(Headers headers, byte[] name) {
        List<String> members = new ArrayList<>();
        var list = new ListField(headers, name);
        while (list.next()) {
            if (list.from() < list.to()) {
                members.add(
                        new String(
                                headers.block(),
                                list.from(),
                                list.to() - list.from(),
                                StandardCharsets.ISO_8859_1));
            }
        }
        return members;
    }

    /// The last one, null when there is none.
    static @Nullable String last(Headers headers, byte[] name) {
        List<String> members = of(headers, name);
        return members.isEmpty() ? null : members.getLast();
    }
}
