package io.spvn.cli;

import io.spvn.server.websocket.WebSocketSettings;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How WebSockets are served.
final class WebSocketOptions {
    private static final String MAX_SIZE = "--ws-max-size";
    private static final String MAX_QUEUE = "--ws-max-queue";
    private static final String PING_INTERVAL = "--ws-ping-interval";
    private static final String PING_TIMEOUT = "--ws-ping-timeout";
    private static final int DEFAULT_MAX_SIZE = 16 << 20;
    private static final int DEFAULT_MAX_QUEUE = 32;
    private static final Duration DEFAULT_PING = Duration.ofSeconds(20);

    /// None at all, with or without a unit.
    private static final Pattern NEVER = Pattern.compile("0+(\\.0+)?(ms|s|m|h)?");

    /// What serves them, as others name it: here there is one way to.
    enum Kind {
        AUTO,
        NONE,
        WEBSOCKETS,
        WEBSOCKETS_SANSIO,
        WSPROTO
    }

    @Option(
            names = "--ws",
            arity = "0..1",
            preprocessor = BareWebSocketKind.class,
            paramLabel = "KIND",
            description = {
                "auto: serve them. none: a client that asks for one",
                "gets the app's answer to an ordinary request.",
                "Names of implementations mean auto. Default: auto."
            })
    @Nullable Kind kind;

    @Option(names = "--no-ws", description = "The same as --ws none.")
    boolean none;

    @Option(
            names = MAX_SIZE,
            paramLabel = "SIZE",
            description = {
                "Bytes of a message, when it is not compressed any",
                "more: 1000000, 512K or 16M. Default: 16M."
            })
    @Nullable Long maxSize;

    @Option(
            names = MAX_QUEUE,
            paramLabel = "N",
            description = "Messages that wait for the app. Default: " + DEFAULT_MAX_QUEUE + ".")
    @Nullable Integer maxQueue;

    @Option(
            names = {PING_INTERVAL, "--websocket-ping-interval"},
            paramLabel = "TIME",
            description = {
                "How often a client that says nothing is asked whether",
                "it is there; 0 for never. Default: 20s."
            })
    @Nullable String pingInterval;

    @Option(
            names = PING_TIMEOUT,
            paramLabel = "TIME",
            description = {"For the answer to that; 0 for any time. Default: 20s."})
    @Nullable String pingTimeout;

    @Option(
            names = "--ws-per-message-deflate",
            paramLabel = "B",
            arity = "1",
            description = {
                "Whether messages are compressed for clients that can:",
                "true or false. Default: true."
            })
    @Nullable Boolean deflate;

    /// How they are served, null for not at all.
    @Nullable WebSocketSettings settings() {
        if (none || kind == Kind.NONE) {
            return null;
        }
        return new WebSocketSettings(
                maxSize(),
                Resolve.atLeast(MAX_QUEUE, 1, maxQueue, DEFAULT_MAX_QUEUE),
                Resolve.or(deflate, true),
                time(PING_INTERVAL, pingInterval),
                time(PING_TIMEOUT, pingTimeout));
    }

    private int maxSize() {
        long size = Resolve.or(maxSize, (long) DEFAULT_MAX_SIZE);
        if (size < 1 || size > WebSocketSettings.MOST) {
            throw new UsageError(
                    MAX_SIZE + ": must be 1 to " + WebSocketSettings.MOST + " bytes, not " + size);
        }
        return (int) size;
    }

    private static @Nullable Duration time(String name, @Nullable String asked) {
        if (asked != null && NEVER.matcher(asked).matches()) {
            return null;
        }
        return Resolve.or(Resolve.read(name, asked, Syntax::duration), DEFAULT_PING);
    }
}
