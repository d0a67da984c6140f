package io.spvn.server;

import io.spvn.bridge.exchange.Access;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.Rejected;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Two that are told what becomes of requests. For any thread.
record Listening(ExchangeListener first, ExchangeListener second) implements ExchangeListener {
    /// All that there are: what counts requests, what logs their ends, what traces them.
    static ExchangeListener of(@Nullable ExchangeListener... all) {
        return Stream.of(all).filter(Objects::nonNull).reduce(Listening::new).orElse(NONE);
    }

    @Override
    public void started(long waitedNanos) {
        first.started(waitedNanos);
        second.started(waitedNanos);
    }

    @Override
    public void responded(String method, String version, int status, long nanos) {
        first.responded(method, version, status, nanos);
        second.responded(method, version, status, nanos);
    }

    @Override
    public void streamOpened() {
        first.streamOpened();
        second.streamOpened();
    }

    @Override
    public void streamClosed() {
        first.streamClosed();
        second.streamClosed();
    }

    @Override
    public boolean wantsEnds() {
        return first.wantsEnds() || second.wantsEnds();
    }

    @Override
    public boolean wantsMoments() {
        return first.wantsMoments() || second.wantsMoments();
    }

    @Override
    public void ended(Access access) {
        first.ended(access);
        second.ended(access);
    }

    @Override
    public void refused(Rejected reason) {
        first.refused(reason);
        second.refused(reason);
    }

    @Override
    public void webSocketOpened() {
        first.webSocketOpened();
        second.webSocketOpened();
    }

    @Override
    public void webSocketClosed(int code) {
        first.webSocketClosed(code);
        second.webSocketClosed(code);
    }

    @Override
    public void messageReceived() {
        first.messageReceived();
        second.messageReceived();
    }

    @Override
    public void messageSent() {
        first.messageSent();
        second.messageSent();
    }
}
