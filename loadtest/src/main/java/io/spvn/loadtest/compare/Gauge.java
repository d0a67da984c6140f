package io.spvn.loadtest.compare;

import io.spvn.loadtest.attack.Distribution;
import io.spvn.loadtest.attack.Load;
import io.spvn.loadtest.attack.Pacer;
import io.spvn.loadtest.attack.Plan;
import io.spvn.loadtest.attack.Run;
import io.spvn.loadtest.attack.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Measures a server that answers rightly: one scenario, as its course says.
final class Gauge {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LONGEST_SETTLING = Duration.ofSeconds(1);
    private static final Duration LEAST_FOR_MANY = Duration.ofSeconds(3);
    private static final int MANY = 5_000;
    private static final int WARM_CONNECTIONS = 64;
    private static final int SUCCESS = 2;

    private final Engine engine;
    private final Duration seconds;

    Gauge(Engine engine, Duration seconds) {
        this.engine = engine;
        this.seconds = seconds;
    }

    /// Sends a group's light request for a while; nothing is measured.
    void warmUp(Server server, Group group, Duration time) {
        Load load = new Load.Closed(WARM_CONNECTIONS);
        engine.run(plan(server, group.warm(), load, time));
        checkAlive(server);
    }

    /// A short warm-up with the scenario's own request, then the measured run.
    Sample sample(Server server, Scenario scenario, int round) {
        engine.run(closed(server, scenario, settling(seconds)));
        checkAlive(server);
        return switch (scenario.course()) {
            case Course.Steady(Load load) ->
                    measured(server, scenario, round, load, Beside.NOTHING, List.of());
            case Course.Blocked(Load load, String path) -> {
                try (Beside block = new SideRequest(server.port(), path, seconds.dividedBy(3))) {
                    yield measured(server, scenario, round, load, block, List.of());
                }
            }
            case Course.Overload(double factor, int connections) -> {
                double capacity = capacity(server, scenario);
                Load load = new Load.Open(new Pacer.Constant(factor * capacity), connections);
                String note =
                        String.format(
                                Locale.ROOT,
                                "round %d: it can do %,.0f req/s and was sent %,.0f",
                                round,
                                capacity,
                                factor * capacity);
                yield measured(server, scenario, round, load, Beside.NOTHING, List.of(note));
            }
            case Course.SlowClients(Load load, int clients) -> {
                try (SlowClients slow = new SlowClients(server.port(), clients)) {
                    yield measured(server, scenario, round, load, slow, List.of());
                }
            }
        };
    }

    private static void checkAlive(Server server) {
        if (!server.isAlive()) {
            throw new CannotRun("ended while warming up: " + server.lastLine());
        }
    }

    /// How long a scenario's own request is sent before it is measured.
    static Duration settling(Duration seconds) {
        Duration half = seconds.dividedBy(2);
        return half.compareTo(LONGEST_SETTLING) < 0 ? half : LONGEST_SETTLING;
    }

    /// What a closed loop gets out of it.
    private double capacity(Server server, Scenario scenario) {
        return Math.max(1, engine.run(closed(server, scenario, seconds)).goodput());
    }

    private static Plan closed(Server server, Scenario scenario, Duration time) {
        int connections = Math.min(WARM_CONNECTIONS, scenario.course().connections());
        return plan(server, scenario.ask(), new Load.Closed(connections), time);
    }

    private static Plan plan(Server server, Ask ask, Load load, Duration time) {
        Target target = Target.of("http://127.0.0.1:" + server.port() + ask.path(), false);
        return new Plan(target, ask.request(), load, time, TIMEOUT);
    }

    private Sample measured(
            Server server,
            Scenario scenario,
            int round,
            Load load,
            Beside beside,
            List<String> notes) {
        Duration before = server.cpu();
        Run run = engine.run(plan(server, scenario.ask(), load, duration(load)));
        Duration cpu = server.cpu().minus(before);
        List<String> all = new ArrayList<>(notes);
        if (beside instanceof SlowClients slow && slow.closedByServer() > 0) {
            all.add(
                    "round %d: sent slow clients away %,d times"
                            .formatted(round, slow.closedByServer()));
        }
        if (!server.isAlive()) {
            all.add("round %d: the server ended: %s".formatted(round, server.lastLine()));
        }
        return new Sample(
                round,
                run,
                latency(scenario, run),
                Math.max(0, cpu.toNanos()) / 1e3 / Math.max(1, run.responses()),
                server.residentMib(),
                all);
    }

    /// Thousands of connections take a while to be opened.
    private Duration duration(Load load) {
        boolean tooShort = load.connections() > MANY && seconds.compareTo(LEAST_FOR_MANY) < 0;
        return tooShort ? LEAST_FOR_MANY : seconds;
    }

    /// Of what is compared: a refusal under overload is quick, and not what was wanted.
    private static Distribution latency(Scenario scenario, Run run) {
        if (scenario.course() instanceof Course.Overload) {
            return run.latencyByClass().getOrDefault(SUCCESS, run.latency());
        }
        return run.latency();
    }
}
