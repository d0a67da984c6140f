package io.spvn.server.http2;

import io.spvn.server.connection.Connection;
import io.spvn.server.connection.Conversation;
import io.spvn.server.connection.Due;
import io.spvn.server.connection.Protocol;
import io.spvn.server.connection.SocketInput;
import io.spvn.server.http.Ascii;
import org.jspecify.annotations.Nullable;

/// Looks at how a connection without encryption begins: with the preface of HTTP/2, whose client
/// knows beforehand that it is spoken (RFC 9113 3.3), or else with another protocol. Nothing is
/// taken from the input.
///
/// @param otherwise what is spoken by others
public record Preface(Protocol http2, Protocol otherwise) implements Protocol {
    /// RFC 9113 3.4.
    static final byte[] BYTES = Ascii.bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    @Override
    public Conversation on(Connection connection) {
        return new Look(connection, this);
    }

    /// How many bytes of the input are those of the preface, one after the other.
    static int matching(SocketInput input) {
        int here = Math.min(BYTES.length, input.to() - input.from());
        int at = 0;
        while (at < here && input.buffer()[input.from() + at] == BYTES[at]) {
            at++;
        }
        return at;
    }

    /// The reader's thread.
    private record Look(Connection connection, Preface preface) implements Conversation {
        @Override
        public @Nullable Conversation run() {
            if (!connection.isWithinLimit()) {
                return preface.otherwise.on(connection);
            }
            SocketInput input = connection.input();
            boolean begun = false;
            while (true) {
                int matching = matching(input);
                if (matching == BYTES.length) {
                    return preface.http2.on(connection);
                }
                if (matching < input.to() - input.from()) {
                    return preface.otherwise.on(connection);
                }
                if (matching > 0 && !begun) {
                    begun = true;
                    connection.ending().expect(Due.HEAD);
                }
                if (!input.fill()) {
                    return null;
                }
                connection.clock().arrived();
                if (connection.ending().isLast()) {
                    return null;
                }
            }
        }

        @Override
        public void late(Due due) {
            preface.otherwise.on(connection).late(due);
        }

        @Override
        public void broken() {
            // nobody waits
        }
    }
}
