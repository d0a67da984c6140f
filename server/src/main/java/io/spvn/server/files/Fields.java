package io.spvn.server.files;

import io.spvn.bridge.asgi.Headers;
import io.spvn.server.http.Ascii;
import java.util.ArrayList;
import java.util.List;

/// Header fields of a response, one after the other.
final class Fields {
    private final List<byte[]> pairs = new ArrayList<>();

    Fields add(String name, String value) {
        pairs.add(Ascii.bytes(name));
        pairs.add(Ascii.bytes(value));
        return this;
    }

    Headers headers() {
        return Headers.of(pairs.toArray(new byte[0][]));
    }
}
