package io.spvn.cli;

import io.spvn.server.ServerConfig;

/// One run of the server, from a checked configuration to its exit code.
final class ServeRun {
    private final Server server;

    ServeRun(Server server) {
        this.server = server;
    }

    /// Starts a server and waits until it has stopped.
    @FunctionalInterface
    interface Server {
        int serve(ServerConfig config) throws InterruptedException;
    }

    int run(ServerConfig config) throws InterruptedException {
        try (ProcDir directory = ProcDir.open(config.procDir(), config.user())) {
            directory.report();
            return server.serve(config);
        }
    }
}
