package io.spvn.server.http1;

import static io.spvn.server.http.FieldNames.CONTENT_LENGTH;
import static io.spvn.server.http.FieldNames.TRANSFER_ENCODING;

import io.spvn.bridge.asgi.Headers;
import io.spvn.server.http.BodyIntake;
import io.spvn.server.http.ContentLength;
import io.spvn.server.http.Lookalikes;

/// How the end of a request body is found (RFC 9112 6.3). There is exactly one way to read a head
/// that gets a framing; everything that two servers could read in two ways is refused.
sealed interface Framing {
    /// Bytes that the head says will come, [BodyIntake#UNKNOWN] when it does not say.
    long announced();

    /// No body. Also what a Content-Length of 0 says.
    record None() implements Framing {
        @Override
        public long announced() {
            return 0;
        }
    }

    /// A body of this many bytes, at least one.
    record Length(long bytes) implements Framing {
        @Override
        public long announced() {
            return bytes;
        }
    }

    /// A body in chunks.
    record Chunked() implements Framing {
        @Override
        public long announced() {
            return BodyIntake.UNKNOWN;
        }
    }

    Framing NONE = new None();
    Framing CHUNKED = new Chunked();

    static Framing of(Headers headers, boolean http10) {
        Lookalikes.refuse(headers);
        if (headers.find(TRANSFER_ENCODING, 0) < 0) {
            return ofLength(ContentLength.of(headers));
        }
        if (headers.find(CONTENT_LENGTH, 0) >= 0) {
            throw HeadRules.LENGTH_AND_CODING.error();
        }
        FramingRules.requireChunked(headers, http10);
        return CHUNKED;
    }

    private static Framing ofLength(long bytes) {
        return bytes <= 0 ? NONE : new Length(bytes);
    }
}
