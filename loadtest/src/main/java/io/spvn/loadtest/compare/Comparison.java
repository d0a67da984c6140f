package io.spvn.loadtest.compare;

import io.spvn.loadtest.attack.Warmup;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// A comparison of servers, run once.
public final class Comparison {
    private final ComparisonSettings settings;
    private final Consumer<String> log;
    private final List<Peer> peers;
    private final Function<byte[], List<Scenario>> scenarios;
    private final Function<Children, PythonHome> python;
    private final Engine engine = new Engine();
    private final Children children = new Children();

    /// A comparison that has not begun.
    ///
    /// @param log is told what happens, a line at a time
    public Comparison(ComparisonSettings settings, Consumer<String> log) {
        this(
                settings,
                log,
                Peers.named(settings.peers()),
                document -> Scenarios.named(settings.scenarios(), document),
                children ->
                        new VirtualEnvironment(
                                        settings.python(), settings.state(), Pins.own(), children)
                                .prepare(log));
    }

    /// With servers, scenarios and a Python of a test's own.
    Comparison(
            ComparisonSettings settings,
            Consumer<String> log,
            List<Peer> peers,
            Function<byte[], List<Scenario>> scenarios,
            Function<Children, PythonHome> python) {
        this.settings = settings;
        this.log = log;
        this.peers = peers;
        this.scenarios = scenarios;
        this.python = python;
    }

    /// Runs all rounds on the calling thread. However it ends, no server is left.
    ///
    /// @throws ComparisonFailure if it cannot begin; the message is a line for the user
    public ComparisonResult run() {
        Instant started = Instant.now();
        List<Scenario> chosen = scenarios.apply(GeoDocument.bytes(settings.document()));
        Results results = new Results(chosen, peers);
        Machine machine = Machine.here();
        Map<String, String> versions = new HashMap<>();
        String pythonVersion = "";
        try (children) {
            PythonHome home = python.apply(children);
            pythonVersion = home.version();
            Starter starter = new Starter(settings, home, machine.cpus(), children);
            peers.forEach(peer -> versions.put(peer.name(), starter.version(peer)));
            log.accept("warming up the load generator");
            Warmup.run();
            new Contest(settings, peers, results, engine, starter, log).run();
        } catch (Stopped _) {
            log.accept("stopped; what was measured is reported");
        } catch (ComparisonFailure e) {
            // What is being installed fails when it is killed.
            if (!engine.isStopped()) {
                throw e;
            }
        }
        Facts facts =
                new Facts(
                        started,
                        Instant.now(),
                        engine.isStopped(),
                        machine,
                        pythonVersion,
                        settings,
                        chosen,
                        peers,
                        versions);
        return new ComparisonResult(
                ComparisonJson.of(facts, results),
                ComparisonText.of(facts, results),
                !engine.isStopped());
    }

    /// Ends it soon: all servers are killed, and [#run] returns what was measured. Any thread.
    public void stop() {
        engine.stop();
        children.killAll();
    }
}
