package io.spvn.loadtest.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Starts servers, each on a port of its own and with a log of its own.
final class Starter {
    private static final Pattern VERSION = Pattern.compile("\\d+(\\.\\d+)+");
    private static final Duration VERSION_TIME = Duration.ofMinutes(2);

    private final ComparisonSettings settings;
    private final PythonHome home;
    private final int cpus;
    private final Children children;
    private final Map<String, String> environment;
    private final Pins pins = Pins.own();

    Starter(ComparisonSettings settings, PythonHome home, int cpus, Children children) {
        this.settings = settings;
        this.home = home;
        this.cpus = cpus;
        this.children = children;
        environment = Surroundings.of(System.getenv(), home, settings.apps().toAbsolutePath());
    }

    /// A server that listens.
    ///
    /// @throws CannotRun if it does not
    Server start(Peer peer, Group group) {
        int port = Server.freePort();
        int workers = group.workers().count(cpus);
        Launch launch = Launch.real(settings, home, group, port, workers);
        String name =
                "%s-%s-%d.log".formatted(peer.name(), group.app().replaceAll("\\W", "-"), workers);
        return Server.start(
                children,
                peer.command().apply(launch),
                environment,
                settings.apps(),
                log(name),
                port);
    }

    /// What a server's pin, else its own program, says.
    String version(Peer peer) {
        if (!peer.distribution().isEmpty()) {
            return pins.version(peer.distribution());
        }
        Path log = log(peer.name() + "-version.log");
        List<String> command =
                List.of(settings.launcher().toAbsolutePath().toString(), "--version");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            boolean well = children.run(builder, log, VERSION_TIME);
            Matcher version = VERSION.matcher(LastLine.of(log));
            return well && version.find() ? version.group() : "";
        } catch (IOException _) {
            return "";
        }
    }

    private Path log(String name) {
        Path directory = settings.state().toAbsolutePath().resolve("servers");
        try {
            return Files.createDirectories(directory).resolve(name);
        } catch (IOException e) {
            throw new ComparisonFailure(directory + ": cannot be made: " + e.getMessage(), e);
        }
    }
}
