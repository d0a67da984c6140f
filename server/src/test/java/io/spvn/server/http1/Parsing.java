package io.spvn.server.http1;

import io.spvn.server.http.HttpError;
import java.util.function.IntUnaryOperator;

/// What the parser makes of bytes, as text: a head, a refusal, or nothing yet. Anything else that
/// it might throw is not caught.
final class Parsing {
    private Parsing() {}

    static String whole(String request) {
        return inPieces(request, _ -> request.length());
    }

    /// Parses a request that arrives in pieces. `pieceAt` says how large the piece at an index is.
    /// Each piece comes in an array of its own, at another place, as from a moving buffer.
    static String inPieces(String request, IntUnaryOperator pieceAt) {
        byte[] all = Heads.bytes(request);
        HeadParser parser = Heads.parser();
        int to = 0;
        int end = -1;
        try {
            while (end < 0 && to < all.length) {
                int shift = to % 7;
                to = Math.min(all.length, to + pieceAt.applyAsInt(to));
                byte[] buffer = new byte[to + shift];
                System.arraycopy(all, 0, buffer, shift, to);
                end = parser.parse(buffer, shift, to + shift);
                end -= end < 0 ? 0 : shift;
            }
            return end < 0 ? "more" : "end " + end + "\n" + Heads.text(parser.head());
        } catch (HttpError error) {
            return text(error);
        }
    }

    static String text(HttpError error) {
        return error.status() + " " + error.getMessage();
    }
}
