package io.spvn.server;

import io.spvn.bridge.worker.WorkerSettings;
import io.spvn.server.Bind.Tcp;
import io.spvn.server.access.AccessSettings;
import io.spvn.server.connection.Timeouts;
import io.spvn.server.files.StaticSettings;
import io.spvn.server.http.Compression;
import io.spvn.server.http.HttpVersions;
import io.spvn.server.http.ResponseDefaults;
import io.spvn.server.process.FileMode;
import io.spvn.server.process.ProcessSettings;
import io.spvn.server.proxy.Proxies;
import io.spvn.server.tls.TlsSettings;
import io.spvn.server.tracing.TracingSettings;
import io.spvn.server.watch.Watch;
import io.spvn.server.websocket.WebSocketSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that can be configured, by topic. Each topic is a record that checks itself and has its own
/// defaults; those whom it concerns get it alone.
///
/// @param network where clients come from
/// @param http which versions of it are spoken
/// @param limits how much they may ask for
/// @param responses header fields that the server adds to each
/// @param webSockets how they are served, null for not at all
/// @param timeouts how long they are waited for
/// @param tls how connections are encrypted, null for not at all
/// @param process what the process is to the system
/// @param adminBind where status, metrics and health are served, null for nowhere
/// @param logs what is told of requests
/// @param files that are served without the app
/// @param compression of responses, null for none
/// @param worker the workers and their app
/// @param watch files whose change is to reload the app, null for none; the workers are of a kind
///   that can be replaced
@SuppressWarnings(
        "exports") // Timeouts and the settings of others, which the command line alone sees outside
public record ServerConfig(
        Network network,
        HttpVersions http,
        Limits limits,
        ResponseDefaults responses,
        @Nullable WebSocketSettings webSockets,
        Timeouts timeouts,
        @Nullable TlsSettings tls,
        ProcessSettings process,
        @Nullable Bind adminBind,
        Logs logs,
        StaticSettings files,
        @Nullable Compression compression,
        WorkerSettings worker,
        @Nullable Watch watch) {
    /// The sockets to listen on.
    ///
    /// @param binds their addresses
    /// @param backlog connections that the system may keep waiting to be accepted
    /// @param dualStack whether IPv6 addresses take clients of IPv4 as well
    /// @param udsPermissions of the files of Unix sockets, null for the default less the umask
    /// @param reusePort whether other servers that ask for it may listen on the same TCP ports
    /// @param proxies what is taken from those who connect on behalf of others
    public record Network(
            List<Bind> binds,
            int backlog,
            boolean dualStack,
            @Nullable Integer udsPermissions,
            boolean reusePort,
            Proxies proxies) {
        public static final String DEFAULT_HOST = "127.0.0.1";
        public static final int DEFAULT_PORT = 8000;
        public static final int DEFAULT_BACKLOG = 4096;

        /// A proxy of another user has to be able to connect.
        private static final int DEFAULT_UDS_PERMISSIONS = 0666;

        public static final Network DEFAULT =
                new Network(
                        List.of(new Tcp(DEFAULT_HOST, DEFAULT_PORT)), DEFAULT_BACKLOG, false, null);

        /// Listens alone, and believes nobody.
        public Network(
                List<Bind> binds,
                int backlog,
                boolean dualStack,
                @Nullable Integer udsPermissions) {
            this(binds, backlog, dualStack, udsPermissions, false, Proxies.NONE);
        }

        public Network {
            binds = List.copyOf(binds);
            if (binds.isEmpty()) {
                throw new IllegalArgumentException("binds is empty");
            }
            if (backlog < 1) {
                throw new IllegalArgumentException("backlog must be at least 1, not " + backlog);
            }
            FileMode.require("udsPermissions", udsPermissions);
        }

        /// Permissions of the files of Unix sockets.
        ///
        /// @param umask that was asked for, null for none
        int socketPermissions(@Nullable Integer umask) {
            if (udsPermissions != null) {
                return udsPermissions;
            }
            return umask == null ? DEFAULT_UDS_PERMISSIONS : DEFAULT_UDS_PERMISSIONS & ~umask;
        }
    }

    /// What is told of requests.
    ///
    /// @param access how they are logged, null for not at all
    /// @param requestIds whether each gets an id
    /// @param tracing how they are traced, null for not at all
    public record Logs(
            @Nullable AccessSettings access,
            boolean requestIds,
            @Nullable TracingSettings tracing) {
        public static final Logs DEFAULT = new Logs(null, false);

        /// Traces nothing.
        public Logs(@Nullable AccessSettings access, boolean requestIds) {
            this(access, requestIds, null);
        }
    }

    /// How much clients may ask for.
    ///
    /// @param connections open at most; 0: as many as memory and file descriptors allow
    /// @param body bytes of a request's body at most; 0: any number
    /// @param perClient connections of one address, or network of IPv6, open at most; 0: any number
    /// @param clientRate connections a second from one of them; 0: any number
    public record Limits(int connections, long body, int perClient, int clientRate) {
        public static final Limits DEFAULT = new Limits(0, 0);

        /// One client may have as much as all.
        public Limits(int connections, long body) {
            this(connections, body, 0, 0);
        }

        public Limits {
            if (perClient < 0 || clientRate < 0) {
                throw new IllegalArgumentException("limits of a client must be at least 0");
            }
            if (connections < 0) {
                throw new IllegalArgumentException(
                        "connections must be at least 0, not " + connections);
            }
            if (body < 0) {
                throw new IllegalArgumentException("body must be at least 0, not " + body);
            }
        }
    }
}
