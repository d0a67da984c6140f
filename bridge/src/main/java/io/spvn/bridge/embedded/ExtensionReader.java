package io.spvn.bridge.embedded;

import io.spvn.bridge.asgi.FileRange;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.python.CPython;
import io.spvn.bridge.python.PythonException;
import io.spvn.bridge.python.Values;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads the events of ASGI's extensions, which few apps send. Worker thread only; borrows what it
/// reads.
///
/// Files are opened by Python, whose errors the app knows, and once more by Java, to which they
/// belong from then on.
final class ExtensionReader {
    private static final long PATH_SEND = CPython.constant("http.response.pathsend");
    private static final long ZERO_COPY_SEND = CPython.constant("http.response.zerocopysend");
    private static final long EARLY_HINT = CPython.constant("http.response.early_hint");
    private static final long TRAILERS = CPython.constant("http.response.trailers");
    private static final byte[] LINK = "link".getBytes(StandardCharsets.US_ASCII);

    private final Names names;

    // Functions; 0 until the first file.
    private long ofPath;
    private long ofDescriptor;
    private long close;

    ExtensionReader(Names names) {
        this.names = names;
    }

    /// The event in `message`; null when it is none of an extension.
    @Nullable Outbound read(long message, long type) {
        if (CPython.unicodeCompare(type, PATH_SEND) == 0) {
            load();
            return new Outbound.WholeFile(file(ofPath, message));
        }
        if (CPython.unicodeCompare(type, ZERO_COPY_SEND) == 0) {
            load();
            boolean more = EventReader.truth(EventReader.get(message, names.moreBody));
            return new Outbound.ResponseBody(file(ofDescriptor, message), more);
        }
        if (CPython.unicodeCompare(type, EARLY_HINT) == 0) {
            return new Outbound.EarlyHint(links(EventReader.get(message, names.links)));
        }
        if (CPython.unicodeCompare(type, TRAILERS) == 0) {
            long fields = EventReader.get(message, names.headers);
            Headers headers = fields == 0 ? Headers.EMPTY : new HeaderBlock().read(fields);
            boolean more = EventReader.truth(EventReader.get(message, names.moreTrailers));
            return new Outbound.Trailers(headers, more);
        }
        return null;
    }

    private void load() {
        if (ofPath == 0) {
            long files = Values.module("spvn_bridge.files");
            ofDescriptor = Values.attribute(files, "of_descriptor");
            close = Values.attribute(Values.module("os"), "close");
            ofPath = Values.attribute(files, "of_path");
        }
    }

    /// The part of a file that Python makes out.
    private FileRange file(long function, long message) {
        long region = Values.call(function, message);
        try {
            long descriptor = CPython.tupleGetBorrowed(region, 0);
            try {
                return FileRange.of(
                        (int) CPython.longAsLong(descriptor),
                        CPython.longAsLong(CPython.tupleGetBorrowed(region, 1)),
                        CPython.longAsLong(CPython.tupleGetBorrowed(region, 2)));
            } catch (IOException refused) {
                throw new PythonException(
                        CPython.OS_ERROR, "the file cannot be opened again: " + refused);
            } finally {
                CPython.decRef(Values.call(close, descriptor));
            }
        } finally {
            CPython.decRef(region);
        }
    }

    private static Headers links(long iterable) {
        if (iterable == 0) {
            return Headers.EMPTY;
        }
        long values = Values.require(CPython.sequenceTuple(iterable));
        try {
            int count = Math.toIntExact(CPython.tupleSize(values));
            byte[][] pairs = new byte[2 * count][];
            for (int i = 0; i < count; i++) {
                pairs[2 * i] = LINK;
                pairs[2 * i + 1] = bytes(CPython.tupleGetBorrowed(values, i));
            }
            return Headers.of(pairs);
        } finally {
            CPython.decRef(values);
        }
    }

    private static byte[] bytes(long object) {
        if (!CPython.isInstance(object, CPython.BYTES_TYPE)) {
            throw EventReader.wrongType("a link must be bytes");
        }
        byte[] copy = new byte[Math.toIntExact(CPython.bytesSize(object))];
        CPython.read(CPython.bytesAddress(object), copy, 0, copy.length);
        return copy;
    }
}
