import org.jspecify.annotations.NullMarked;

/// HTTP on Helidon's listener, in front of the bridge.
@NullMarked
@SuppressWarnings("module") // the command line comes after us
module io.spvn.server {
    requires static org.jspecify;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.jr.ob;
    requires com.github.luben.zstd_jni;
    requires HdrHistogram;
    requires io.helidon.webserver;
    requires io.opentelemetry.api;
    requires io.opentelemetry.context;
    requires io.opentelemetry.exporter.internal;
    requires io.opentelemetry.exporter.otlp;
    requires io.opentelemetry.sdk.common;
    requires io.opentelemetry.sdk.trace;
    requires transitive io.spvn.bridge;
    requires java.management;
    requires java.net.http;
    requires jdk.management;
    requires jdk.unsupported;
    requires micrometer.core;
    requires micrometer.registry.prometheus;

    exports io.spvn.server;
    exports io.spvn.server.access to
            io.spvn.cli;
    exports io.spvn.server.connection to
            io.spvn.cli;
    exports io.spvn.server.files to
            io.spvn.cli;
    exports io.spvn.server.http to
            io.spvn.cli;
    exports io.spvn.server.http1 to
            io.spvn.cli;
    exports io.spvn.server.process;
    exports io.spvn.server.proxy to
            io.spvn.cli;
    exports io.spvn.server.status to
            io.spvn.cli;
    exports io.spvn.server.tls to
            io.spvn.cli;
    exports io.spvn.server.tracing to
            io.spvn.cli;
    exports io.spvn.server.watch to
            io.spvn.cli;
    exports io.spvn.server.websocket to
            io.spvn.cli;
}
