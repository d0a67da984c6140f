package io.spvn.server;

import io.spvn.bridge.exchange.Access;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.Rejected;
import org.jspecify.annotations.Nullable;

/// Two that are told what becomes of requests: what counts them, and what logs their ends. For any
/// thread.
record Listening(ExchangeListener counts, ExchangeListener ends) implements ExchangeListener {
    /// Both, one or nobody.
    static ExchangeListener of(@Nullable ExchangeListener counts, @Nullable ExchangeListener ends) {
        if (counts == null) {
            return ends == null ? NONE : ends;
        }
        return ends == null ? counts : new Listening(counts, ends);
    }

    @Override
    public void started(long waitedNanos) {
        counts.started(waitedNanos);
    }

    @Override
    public void responded(String method, int status, long nanos) {
        counts.responded(method, status, nanos);
    }

    @Override
    public boolean wantsEnds() {
        return ends.wantsEnds();
    }

    @Override
    public void ended(Access access) {
        ends.ended(access);
    }

    @Override
    public void refused(Rejected reason) {
        counts.refused(reason);
    }

    @Override
    public void webSocketOpened() {
        counts.webSocketOpened();
    }

    @Override
    public void webSocketClosed(int code) {
        counts.webSocketClosed(code);
    }

    @Override
    public void messageReceived() {
        counts.messageReceived();
    }

    @Override
    public void messageSent() {
        counts.messageSent();
    }
}
