package io.spvn.server.connection;

import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.RefusalLog;
import java.util.Locale;

/// Logs each connection and request, for who asks for it. For any thread; costs next to nothing
/// while nobody asks.
public final class ConnectionTrace {
    private static final System.Logger LOG = System.getLogger(ConnectionTrace.class.getName());

    private ConnectionTrace() {}

    static void opened(Peers peers) {
        if (isOn()) {
            say("connection from " + RefusalLog.client(peers.client()));
        }
    }

    static void closed(Peers peers) {
        if (isOn()) {
            say("end of the connection from " + RefusalLog.client(peers.client()));
        }
    }

    public static void begun(Exchange exchange) {
        if (isOn()) {
            say(exchange + " from " + RefusalLog.client(exchange.peers().client()));
        }
    }

    public static void answered(Exchange exchange, int status, long nanos) {
        if (isOn()) {
            say(String.format(Locale.ROOT, "%s: %d in %.1f ms", exchange, status, nanos / 1e6));
        }
    }

    private static boolean isOn() {
        return LOG.isLoggable(System.Logger.Level.TRACE);
    }

    private static void say(String text) {
        LOG.log(System.Logger.Level.TRACE, text);
    }
}
