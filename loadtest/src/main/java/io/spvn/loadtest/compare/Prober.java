package io.spvn.loadtest.compare;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Checks that a server answers a scenario's request rightly before anything is measured: a fast
/// wrong answer is no answer. It asks as the load does, without `Connection: close`, which one
/// rival does not survive.
final class Prober {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration STEP = Duration.ofMillis(50);

    private final Duration answerTime;

    /// @param answerTime that one answer may take
    Prober(Duration answerTime) {
        this.answerTime = answerTime;
    }

    /// Asks until the server has answered. A server may refuse connections, or break them off,
    /// while its workers are starting.
    ///
    /// @throws CannotRun if the answer is wrong, late, or does not come
    void check(Server server, Ask ask) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                String fault = fault(server.port(), ask);
                if (fault == null) {
                    return;
                }
                throw new CannotRun(fault);
            } catch (SocketTimeoutException _) {
                throw new CannotRun(
                        "no answer to %s %s within %d s"
                                .formatted(ask.method(), ask.path(), answerTime.toSeconds()));
            } catch (IOException e) {
                retry(server, ask, deadline, e);
            }
        }
    }

    private static void retry(Server server, Ask ask, long deadline, IOException cause) {
        if (!server.isAlive()) {
            throw new CannotRun("ended at start: " + server.lastLine());
        }
        if (System.nanoTime() > deadline) {
            throw new CannotRun(
                    "no answer to %s %s: %s".formatted(ask.method(), ask.path(), cause));
        }
        LockSupport.parkNanos(STEP.toNanos());
    }

    private @Nullable String fault(int port, Ask ask) throws IOException {
        HttpURLConnection connection = open(port, ask);
        try {
            if (ask.body().length > 0) {
                connection.setDoOutput(true);
                connection.setFixedLengthStreamingMode(ask.body().length);
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(ask.body());
                }
            }
            return ask.fault(connection.getResponseCode(), received(connection));
        } finally {
            connection.disconnect();
        }
    }

    private HttpURLConnection open(int port, Ask ask) throws IOException {
        URI url = URI.create("http://127.0.0.1:" + port + ask.path());
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
        connection.setConnectTimeout((int) answerTime.toMillis());
        connection.setReadTimeout((int) answerTime.toMillis());
        connection.setRequestMethod(ask.method());
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        return connection;
    }

    private static byte[] received(HttpURLConnection connection) throws IOException {
        boolean failed = connection.getResponseCode() >= HttpURLConnection.HTTP_BAD_REQUEST;
        try (InputStream in = failed ? connection.getErrorStream() : connection.getInputStream()) {
            return in == null ? new byte[0] : in.readAllBytes();
        }
    }
}
