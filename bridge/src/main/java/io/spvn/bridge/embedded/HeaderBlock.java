package io.spvn.bridge.embedded;

import io.spvn.bridge.asgi.HeaderSyntax;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.python.CPython;
import io.spvn.bridge.python.Values;
import java.util.Arrays;

/// Collects the header fields that an app sends, checked and with their names in lower case. Worker
/// thread only; kept from event to event for its arrays.
final class HeaderBlock {
    private static final int KEPT_BYTES = 64 * 1024;

    private byte[] bytes = new byte[1024];
    private int[] bounds = new int[64];
    private int size;

    /// The fields of an iterable of pairs of bytes, which may be made by any Python code.
    ///
    /// @throws IllegalArgumentException when a name or value is not one of HTTP
    Headers read(long iterable) {
        long fields = Values.require(CPython.sequenceTuple(iterable));
        try {
            int count = Math.toIntExact(CPython.tupleSize(fields));
            size = 0;
            bounds = bounds.length < 4 * count ? new int[4 * count] : bounds;
            for (int i = 0; i < count; i++) {
                field(CPython.tupleGetBorrowed(fields, i), 4 * i);
            }
            return built(count);
        } finally {
            CPython.decRef(fields);
            bytes = bytes.length > KEPT_BYTES ? new byte[1024] : bytes;
        }
    }

    private void field(long item, int at) {
        long pair = Values.require(CPython.sequenceTuple(item));
        try {
            if (CPython.tupleSize(pair) != 2) {
                throw EventReader.wrongType("a header must be a pair of name and value");
            }
            append(CPython.tupleGetBorrowed(pair, 0), at, "a header name must be bytes");
            append(CPython.tupleGetBorrowed(pair, 1), at + 2, "a header value must be bytes");
        } finally {
            CPython.decRef(pair);
        }
        HeaderSyntax.requireName(bytes, bounds[at], bounds[at + 1]);
        HeaderSyntax.requireValue(bytes, bounds[at + 2], bounds[at + 3]);
        HeaderSyntax.lowerCase(bytes, bounds[at], bounds[at + 1]);
    }

    private void append(long object, int at, String complaint) {
        if (!CPython.isInstance(object, CPython.BYTES_TYPE)) {
            throw EventReader.wrongType(complaint);
        }
        int count = Math.toIntExact(CPython.bytesSize(object));
        if (bytes.length - size < count) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + count));
        }
        CPython.read(CPython.bytesAddress(object), bytes, size, count);
        bounds[at] = size;
        size += count;
        bounds[at + 1] = size;
    }

    private Headers built(int count) {
        Headers.Builder headers = Headers.over(Arrays.copyOf(bytes, size), count);
        for (int i = 0; i < 4 * count; i += 4) {
            headers.field(bounds[i], bounds[i + 1], bounds[i + 2], bounds[i + 3]);
        }
        return headers.build();
    }
}
