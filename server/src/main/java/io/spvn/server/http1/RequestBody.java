package io.spvn.server.http1;

import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.Connection;
import io.spvn.server.connection.Due;
import io.spvn.server.connection.Ending;
import io.spvn.server.connection.SocketInput;
import io.spvn.server.http.BodyIntake;
import io.spvn.server.http.HttpError;

/// Reads the body of one request, as far as the app asks. The reader's thread, except [#tick] and
/// [#timeOut].
final class RequestBody {
    private final HttpExchange exchange;
    private final SocketInput input;
    private final Connection connection;
    private final Ending ending;
    private final BodyDecoder decoder;
    private final BodyIntake intake;

    RequestBody(Connection connection, Http1 http, Framing framing, HttpExchange exchange) {
        this.connection = connection;
        this.exchange = exchange;
        this.input = connection.input();
        this.ending = connection.ending();
        this.decoder = decoder(framing);
        this.intake =
                new BodyIntake(
                        exchange,
                        http.dispatcher,
                        ending,
                        framing.announced(),
                        http.settings.maxBody());
    }

    private static BodyDecoder decoder(Framing framing) {
        return switch (framing) {
            case Framing.None() -> new LengthDecoder(0);
            case Framing.Length(long bytes) -> new LengthDecoder(bytes);
            case Framing.Chunked() -> new ChunkedDecoder();
        };
    }

    /// Reads it to its end.
    ///
    /// @return false when no other request can follow on the connection
    boolean read() throws InterruptedException {
        try {
            return readAll();
        } catch (HttpError error) {
            intake.cut(error.reason());
            return false;
        }
    }

    private boolean readAll() throws InterruptedException {
        decode();
        boolean atOnce = decoder.done();
        while (!decoder.done()) {
            intake.await();
            expectPiece();
            if (!input.fill()) {
                truncated();
                return false;
            }
            if (ending.isLast() || !connection.clock().stop()) {
                return false; // its time was up, and it is being told; or nobody wants it
            }
            decode();
            if (intake.isExcessive()) {
                return false;
            }
        }
        intake.complete();
        return atOnce || !ending.isNear();
    }

    private void expectPiece() {
        if (!exchange.continueOutstanding()) {
            ending.expect(Due.BODY);
            return;
        }
        ending.expect(Due.LEAVE);
        if (!exchange.continueOutstanding()) {
            ending.expect(Due.BODY); // leave was given a moment ago
        }
    }

    private void decode() {
        int end = decoder.decode(input.buffer(), input.from(), input.to(), intake);
        input.consumedTo(end);
    }

    private void truncated() {
        if (!intake.truncated()) {
            ending.breakOff();
        }
    }

    /// The next piece took too long.
    void timeOut() {
        intake.cut(Rejected.BODY_TIMEOUT);
    }

    /// Registry's thread.
    void tick(long now) {
        intake.tick(now);
    }
}
