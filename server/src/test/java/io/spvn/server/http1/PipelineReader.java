package io.spvn.server.http1;

import io.spvn.server.http.HttpError;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/// Reads requests from a client that has sent all it will, with the parts of a connection in the
/// order in which [Http1Connection] uses them.
final class PipelineReader {
    private final byte[] bytes;
    private final IntUnaryOperator pieceAt;
    private final HeadParser parser = Heads.parser();
    private final List<Message> messages = new ArrayList<>();

    /// What has come, and how much of it is done with.
    private int sent;

    private int at;

    private PipelineReader(byte[] bytes, IntUnaryOperator pieceAt) {
        this.bytes = bytes;
        this.pieceAt = pieceAt;
    }

    /// The requests up to the first that is refused, incomplete, or the last of its connection.
    static List<Message> read(byte[] bytes, IntUnaryOperator pieceAt) {
        var reader = new PipelineReader(bytes, pieceAt);
        reader.readAll();
        return reader.messages;
    }

    private void readAll() {
        try {
            boolean open = true;
            while (open) {
                open = message();
            }
        } catch (HttpError refused) {
            messages.add(new Message("refused", "", String.valueOf(refused.status()), -1));
        }
    }

    private boolean message() {
        RequestHead head = head();
        String body = head == null ? null : body(head.framing());
        if (head == null || body == null) {
            return false;
        }
        String target = Heads.text(head.target());
        messages.add(new Message(head.method(), target, body, at));
        return head.keepAlive();
    }

    private @Nullable RequestHead head() {
        int end = parse();
        while (end < 0) {
            if (!receive()) {
                return null;
            }
            end = parse();
        }
        at = end;
        return parser.head();
    }

    private int parse() {
        return at == sent ? -1 : parser.parse(bytes, at, sent);
    }

    private @Nullable String body(Framing framing) {
        return switch (framing) {
            case Framing.None() -> "";
            case Framing.Length(long length) -> body(new LengthDecoder(length));
            case Framing.Chunked() -> body(new ChunkedDecoder());
        };
    }

    private @Nullable String body(BodyDecoder decoder) {
        var data = new StringBuilder();
        decode(decoder, data);
        while (!decoder.done()) {
            if (!receive()) {
                return null;
            }
            decode(decoder, data);
        }
        return data.toString();
    }

    private void decode(BodyDecoder decoder, StringBuilder data) {
        at =
                decoder.decode(
                        bytes,
                        at,
                        sent,
                        (buffer, from, length) -> data.append(Heads.text(buffer, from, length)));
    }

    private boolean receive() {
        int before = sent;
        sent = (int) Math.min(bytes.length, (long) before + pieceAt.applyAsInt(before));
        return sent > before;
    }
}
