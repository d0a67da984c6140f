package io.spvn.server.tls;

import io.spvn.bridge.asgi.Tls;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.Connection;
import io.spvn.server.connection.Conversation;
import io.spvn.server.connection.Due;
import io.spvn.server.connection.Ending;
import io.spvn.server.connection.NoRoom;
import io.spvn.server.connection.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// What is spoken on a connection with TLS at first: the handshake. It has a deadline of its own
/// ([Due#HANDSHAKE]) and ends in one of these ways, each of which is counted:
///
///     agreed                          the protocol that ALPN chose takes the connection over
///     the client speaks HTTP          it is told so, in HTTP
///     it speaks something else        it gets an alert
///     the two cannot agree            the client gets an alert that says why
///     too late, or the client left    the connection ends
///
/// A client that connects and says nothing until it leaves is none that shook hands.
final class TlsHandshake implements Conversation {
    private static final byte[] NOT_TLS = PlainRefusal.bytes();

    /// A fatal alert (RFC 8446 section 6) in a record.
    private static final byte[] UNEXPECTED_MESSAGE = {SealedInput.ALERT, 3, 3, 0, 2, 2, 10};

    /// A client says little before it can be trusted: a greeting, and its certificates.
    private static final int MOST_BYTES = 128 * 1024;

    private final Connection connection;
    private final TlsSocket socket;
    private final Handshakes shared;
    private final Ending ending;
    private volatile boolean broken;
    private int bytes;

    TlsHandshake(Connection connection, TlsSocket socket, Handshakes shared) {
        this.connection = connection;
        this.socket = socket;
        this.shared = shared;
        this.ending = connection.ending();
    }

    @Override
    public @Nullable Conversation run() throws InterruptedException {
        ending.expect(Due.HANDSHAKE);
        try {
            if (!socket.input().fill()) {
                return null;
            }
            int first = socket.input().type();
            if (isHttp(first)) {
                return refusePlain();
            }
            return isTls(first) ? shake() : refuseOther();
        } catch (NoRoom full) {
            shared.listener().failed("memory");
            throw full;
        } catch (UncheckedIOException lost) {
            if (bytes > 0 || !socket.input().isEmpty()) {
                countGone();
            }
            throw lost;
        }
    }

    /// A connection that is cut may end before it breaks.
    private void countGone() {
        shared.listener().failed(connection.clock().stop() ? "closed" : "timeout");
    }

    /// The first letter of a method; a record of TLS begins with a number below 32.
    private static boolean isHttp(int first) {
        return first >= 'A' && first <= 'Z';
    }

    /// A greeting, or word that there is none.
    private static boolean isTls(int first) {
        return first == SealedInput.HANDSHAKE || first == SealedInput.ALERT;
    }

    /// Java's engine would take it for a fault of its own.
    private @Nullable Conversation refuseOther() {
        if (connection.clock().stop()) {
            shared.listener().failed("unexpected_message");
            connection.refused(Rejected.HANDSHAKE_FAILED, "neither TLS nor HTTP");
            connection.output().write(UNEXPECTED_MESSAGE, UNEXPECTED_MESSAGE.length);
            ending.finish();
        }
        return null;
    }

    private @Nullable Conversation refusePlain() {
        if (connection.clock().stop()) {
            shared.listener().failed(Rejected.PLAIN_HTTP.label());
            connection.refused(Rejected.PLAIN_HTTP, "plain HTTP on an address of HTTPS");
            connection.output().write(NOT_TLS, NOT_TLS.length);
            connection.answeredUnread(() -> "", PlainRefusal.STATUS, PlainRefusal.CONTENT);
            ending.finish();
        }
        return null;
    }

    private @Nullable Conversation shake() throws InterruptedException {
        SSLEngine engine = shared.engines().engine();
        if (!socket.begin(engine)) {
            throw new NoRoom();
        }
        long began = System.currentTimeMillis();
        try {
            engine.beginHandshake();
            if (!exchange(engine)) {
                countGone();
                return null;
            }
        } catch (SSLException failure) {
            fail(engine, failure);
            return null;
        }
        return connection.clock().stop() ? agreed(engine, began) : null;
    }

    /// To and fro until both sides are content.
    ///
    /// @return false when the client has left
    private boolean exchange(SSLEngine engine) throws SSLException, InterruptedException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> work(engine);
                case NEED_WRAP -> socket.writeHandshake(engine);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!receive(engine)) {
                        return false;
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    return !engine.isInboundDone();
                }
            }
        }
    }

    private void work(SSLEngine engine) throws InterruptedException {
        shared.work().run(engine::getDelegatedTask, () -> !broken);
        if (broken) {
            throw new UncheckedIOException(new IOException("broken meanwhile"));
        }
    }

    private boolean receive(SSLEngine engine) throws SSLException {
        if (!socket.input().awaitRecord()) {
            return false;
        }
        bytes += socket.input().length();
        if (bytes > MOST_BYTES) {
            throw new SSLException("(decode_error) handshake too long");
        }
        return switch (socket.openHandshake(engine)) {
            case CLOSED -> false;
            case BUFFER_UNDERFLOW -> socket.input().fill();
            case OK, BUFFER_OVERFLOW -> true;
        };
    }

    private void fail(SSLEngine engine, SSLException failure) {
        String reason = FailureReason.of(failure);
        shared.listener().failed(reason);
        if (!connection.clock().stop()) {
            return;
        }
        connection.refused(Rejected.HANDSHAKE_FAILED, String.valueOf(failure.getMessage()));
        try {
            socket.writeHandshake(engine); // the alert
        } catch (SSLException nothingToSay) {
            System.getLogger(TlsHandshake.class.getName())
                    .log(System.Logger.Level.TRACE, "alert", nothingToSay);
        }
        socket.giveUp();
        ending.finish();
    }

    private Conversation agreed(SSLEngine engine, long began) {
        SSLSession session = engine.getSession();
        TlsVersion version = TlsVersion.ofProtocol(session.getProtocol());
        shared.listener().agreed(version, session.getCreationTime() < began);
        socket.finish(tls(session, version), version == TlsVersion.TLS_1_2);
        connection.introduced();
        ending.expect(Due.FIRST_BYTE);
        Protocol protocol = shared.protocol(engine.getApplicationProtocol());
        return protocol.on(connection);
    }

    private Tls tls(SSLSession session, TlsVersion version) {
        Certificate[] local = session.getLocalCertificates();
        List<X509Certificate> chain = clientChain(session);
        return new Tls(
                local == null ? "" : shared.keys().shown().pem((X509Certificate) local[0]),
                chain.stream().map(ServerCertificate::pem).toList(),
                chain.isEmpty()
                        ? null
                        : chain.getFirst().getSubjectX500Principal().getName("RFC2253"),
                version.number(),
                CipherSuite.number(session.getCipherSuite()));
    }

    private static List<X509Certificate> clientChain(SSLSession session) {
        try {
            return Arrays.stream(session.getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
    }

    // ---- registry

    @Override
    public void late(Due due) {
        ending.breakOff(Rejected.HANDSHAKE_TIMEOUT);
    }

    // ---- any thread

    @Override
    public void broken() {
        broken = true;
    }
}
