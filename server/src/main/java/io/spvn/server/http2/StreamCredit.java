package io.spvn.server.http2;

/// What the client may send in one stream: the reader takes, whoever has used it gives back, and
/// the client hears of that.
final class StreamCredit {
    private final Http2Stream stream;
    private final Http2Connection owner;
    private final ReceiveWindow window;

    StreamCredit(Http2Stream stream, Http2Connection owner) {
        this.stream = stream;
        this.owner = owner;
        this.window = new ReceiveWindow(owner.ledger(), System.nanoTime());
    }

    /// So many bytes of DATA have come, padding included.
    void take(int bytes) throws Http2Error {
        if (!window.take(bytes)) {
            throw Http2Error.ofStream(
                    stream.id(),
                    ErrorCode.FLOW_CONTROL_ERROR,
                    "more DATA than the window has room for");
        }
    }

    /// Whether the client may send anything.
    boolean isOpen() {
        return window.isOpen();
    }

    /// So many bytes have been used.
    ///
    /// @return whether the client is told so now
    boolean giveBack(int bytes) {
        int increment = window.give(bytes, System.nanoTime());
        if (increment == 0 || !stream.state().takesMore()) {
            return false;
        }
        owner.writer().add(new Control.WindowUpdate(stream.id(), increment));
        if (!owner.isReader()) {
            owner.writer().nudge();
        }
        return true;
    }
}
