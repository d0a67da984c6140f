package io.spvn.loadtest.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.spvn.loadtest.attack.Request;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request, and the only right answer.
///
/// @param body sent with it, may be empty; not changed by anyone
@SuppressWarnings("ArrayRecordComponent") // bytes for the wire, compared by nobody
record Ask(String method, String path, byte[] body, Answer answer) {
    private static final int SHOWN = 60;

    /// What a response's body must be.
    sealed interface Answer {
        /// This text.
        record Exactly(String text) implements Answer {}

        /// So many bytes, of whatever kind.
        record Bytes(int length) implements Answer {}
    }

    static Ask get(String path, Answer answer) {
        return new Ask("GET", path, new byte[0], answer);
    }

    static Ask post(String path, byte[] body, Answer answer) {
        return new Ask("POST", path, body, answer);
    }

    Request request() {
        return new Request(method, List.of(), body);
    }

    /// What is wrong with an answer, or null.
    @Nullable String fault(int status, byte[] received) {
        if (status != 200) {
            return "answered %s %s with status %d".formatted(method, path, status);
        }
        boolean right =
                switch (answer) {
                    case Answer.Exactly(String text) -> text.equals(new String(received, UTF_8));
                    case Answer.Bytes(int length) -> received.length == length;
                };
        return right ? null : "answered %s %s wrongly: %s".formatted(method, path, shown(received));
    }

    private static String shown(byte[] received) {
        if (received.length > SHOWN) {
            return received.length + " bytes";
        }
        return "'" + new String(received, UTF_8).strip() + "'";
    }
}
