package io.spvn.bridge.exchange;

import io.spvn.bridge.asgi.AsgiViolation;
import io.spvn.bridge.asgi.HeaderSyntax;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import java.nio.charset.StandardCharsets;

/// Holds an app to the Content-Length that it declared: a body that outgrows it would be read as
/// the beginning of the next response (RFC 9112 section 6.3).
final class ResponseLength {
    private static final byte[] CONTENT_LENGTH =
            "content-length".getBytes(StandardCharsets.US_ASCII);

    private final boolean head;
    private long left = Long.MAX_VALUE;

    /// @param head whether the request was HEAD, whose body is never written
    ResponseLength(boolean head) {
        this.head = head;
    }

    void declare(Outbound.ResponseStart start) {
        Headers headers = start.headers();
        int index = headers.find(CONTENT_LENGTH, 0);
        if (index >= 0) {
            long declared = parse(headers, index);
            if (!head && hasBody(start.status())) {
                left = declared;
            }
        }
    }

    void add(long count) {
        if (count > left) {
            throw new AsgiViolation("Response content longer than Content-Length");
        }
        left -= count;
    }

    /// The whole of the body has so many bytes.
    void whole(long count) {
        if (left != Long.MAX_VALUE && left != count) {
            throw new AsgiViolation(
                    "'content-length' says %d, but the file has %d bytes".formatted(left, count));
        }
    }

    private static boolean hasBody(int status) {
        return status >= 200 && status != 204 && status != 304;
    }

    private static long parse(Headers headers, int index) {
        long length =
                HeaderSyntax.decimal(
                        headers.block(), headers.valueStart(index), headers.valueEnd(index));
        if (length < 0 || headers.find(CONTENT_LENGTH, index + 1) >= 0) {
            throw new AsgiViolation("'content-length' must be one number");
        }
        return length;
    }
}
