package io.spvn.server.connection;

import io.helidon.webserver.WebServer;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// Starts a server of Helidon on sockets that are bound already.
///
/// Helidon binds and accepts in one step, with the addresses' family, file and flags as it likes,
/// and has no hook for it. Ours are bound long before the app can serve, while the process still
/// has the rights for it. So this does what Helidon's own start would do, except for the sockets.
public final class BoundServer {
    private BoundServer() {}

    /// Begins to accept.
    ///
    /// @param web a server that was not started
    /// @param sockets by the names of its listeners
    public static WebServer start(WebServer web, Map<String, ServerSocketChannel> sockets) {
        Map<?, ?> listeners = (Map<?, ?>) Seam.read(web, "listeners");
        ((AtomicBoolean) Seam.read(web, "running")).set(true);
        sockets.forEach((name, socket) -> accept(Seam.entry(listeners, name), socket));
        return web;
    }

    private static void accept(Object listener, ServerSocketChannel socket) {
        Seam.write(listener, "serverSocket", new PatientListener(socket));
        Seam.write(listener, "running", true);
        ((Thread) Seam.read(listener, "serverThread")).start();
    }
}
