package io.spvn.server.files;

import io.spvn.bridge.asgi.FileRange;
import io.spvn.bridge.asgi.Payload;
import io.spvn.server.files.RangeField.Range;
import io.spvn.server.http.Ascii;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Several ranges of a file in one body (RFC 9110 14.6).
///
/// @param type of the body
/// @param length of the body
record Multipart(String type, long length, List<Payload> body) {
    Multipart {
        body = List.copyOf(body);
    }

    /// Takes over `whole`.
    ///
    /// @param type of the file
    static Multipart of(FileRange whole, String type, List<Range> ranges) {
        String boundary = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        List<Payload> body = new ArrayList<>();
        for (Range range : ranges) {
            String head =
                    "\r\n--%s\r\ncontent-type: %s\r\ncontent-range: %s\r\n\r\n"
                            .formatted(boundary, type, range.of(whole.length()));
            body.add(Payload.of(Ascii.bytes(head)));
            body.add(whole.another(range.first(), range.length()));
        }
        body.add(Payload.of(Ascii.bytes("\r\n--" + boundary + "--\r\n")));
        whole.release();
        long length = body.stream().mapToLong(Payload::length).sum();
        return new Multipart("multipart/byteranges; boundary=" + boundary, length, body);
    }
}
