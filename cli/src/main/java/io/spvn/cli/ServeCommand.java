package io.spvn.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `spvn serve` and its options as they were written; null where one was not given.
@Command(
        addMethodSubcommands = false,
        name = ServeCommand.NAME,
        description = "Serves an app until SIGTERM or SIGINT.",
        customSynopsis = "spvn serve [OPTION]... TARGET",
        parameterListHeading = "%n",
        footer = {
            "",
            "A duration is 5, 5s, 100ms or 1m.",
            "Each option has a variable in the environment, as SPVN_QUEUE_TIMEOUT, and a key",
            "in the file of --config. What counts: option, environment, file, default.",
            "",
            "Exit codes: 0 stopped, 2 wrong options, 3 the app cannot be started, 4 an",
            "address cannot be bound or something is missing, 1 anything else."
        })
final class ServeCommand implements SpvnCommand {
    static final String NAME = "serve";

    @Mixin final TargetOptions which = new TargetOptions();
    @Mixin final AppOptions app = new AppOptions();
    @Mixin final NetworkOptions network = new NetworkOptions();
    @Mixin final ProxyOptions proxies = new ProxyOptions();
    @Mixin final TlsOptions tls = new TlsOptions();
    @Mixin final WorkerOptions workers = new WorkerOptions();
    @Mixin final SupervisionOptions supervision = new SupervisionOptions();
    @Mixin final WatchOptions watch = new WatchOptions();
    @Mixin final QueueOptions queue = new QueueOptions();
    @Mixin final HttpOptions http = new HttpOptions();
    @Mixin final ResponseOptions responses = new ResponseOptions();
    @Mixin final WebSocketOptions webSockets = new WebSocketOptions();
    @Mixin final LimitOptions limits = new LimitOptions();
    @Mixin final TimeoutOptions timeouts = new TimeoutOptions();
    @Mixin final StaticOptions files = new StaticOptions();
    @Mixin final CompressionOptions compression = new CompressionOptions();
    @Mixin final StopOptions stop = new StopOptions();
    @Mixin final AdminOptions admin = new AdminOptions();
    @Mixin final ProcessOptions process = new ProcessOptions();
    @Mixin final AccessLogOptions access = new AccessLogOptions();
    @Mixin final TracingOptions tracing = new TracingOptions();
    @Mixin final LogOptions log = new LogOptions();
    @Mixin final ConfigOptions config = new ConfigOptions();
    @Mixin final ServeHelpOptions help = new ServeHelpOptions();

    @Override
    public LogOptions log() {
        return log;
    }
}
