package io.spvn.loadtest.compare;

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
    private static final long LEAST_TICKS = 20;
    private static final double BUSY = 0.9;

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
            case Course.Steady(Load load) -> steady(server, scenario, round, load);
            case Course.Blocked blocked -> blocked(server, scenario, round, blocked);
            case Course.Overload overload -> overload(server, scenario, round, overload);
            case Course.SlowClients slow -> slowClients(server, scenario, round, slow);
        };
    }

    private Sample steady(Server server, Scenario scenario, int round, Load load) {
        return measured(server, plan(server, scenario.ask(), load, duration(load)), round);
    }

    private Sample blocked(Server server, Scenario scenario, int round, Course.Blocked course) {
        Plan plan = plan(server, scenario.ask(), course.load(), seconds);
        try (SideRequest block =
                new SideRequest(server.port(), course.path(), seconds.dividedBy(3))) {
            Sample sample = measured(server, plan, round);
            return block.isAnswered()
                    ? sample
                    : sample.with("the request that blocks got no answer");
        }
    }

    private Sample overload(Server server, Scenario scenario, int round, Course.Overload course) {
        double capacity = capacity(server, scenario);
        double rate = course.factor() * capacity;
        Load load = new Load.Open(new Pacer.Constant(rate), course.connections());
        Plan plan = plan(server, scenario.ask(), load, seconds, course.patience());
        return measured(server, plan, round)
                .with(
                        String.format(
                                Locale.ROOT,
                                "it can do %,.0f req/s and was sent %,.0f",
                                capacity,
                                rate));
    }

    private Sample slowClients(
            Server server, Scenario scenario, int round, Course.SlowClients course) {
        Plan plan = plan(server, scenario.ask(), course.load(), seconds);
        try (SlowClients slow = new SlowClients(server.port(), course.clients())) {
            Sample sample = measured(server, plan, round);
            long sentAway = slow.closedByServer();
            return sentAway == 0
                    ? sample
                    : sample.with("sent slow clients away %,d times".formatted(sentAway));
        }
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

    /// With many connections a second is over before each has had its turn.
    private Duration duration(Load load) {
        return load.connections() >= MANY && seconds.compareTo(LEAST_FOR_MANY) < 0
                ? LEAST_FOR_MANY
                : seconds;
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
        return plan(server, ask, load, time, TIMEOUT);
    }

    private static Plan plan(Server server, Ask ask, Load load, Duration time, Duration timeout) {
        Target target = Target.of("http://127.0.0.1:" + server.port() + ask.path(), false);
        return new Plan(target, ask.request(), load, time, timeout);
    }

    private Sample measured(Server server, Plan plan, int round) {
        long before = server.ticks();
        Run run = engine.run(plan);
        long ticks = server.ticks() - before;
        Sample sample =
                server.isAlive()
                        ? new Sample(
                                round, run, cpuMicros(ticks, run), server.residentMib(), List.of())
                        : new Sample(round, run, Double.NaN, Double.NaN, List.of())
                                .with("the server ended: " + server.lastLine());
        for (String doubt : doubts(run)) {
            sample = sample.with(doubt);
        }
        return sample;
    }

    /// A few ticks of the clock are not a measurement.
    private static double cpuMicros(long ticks, Run run) {
        return ticks < LEAST_TICKS || run.responses() == 0
                ? Double.NaN
                : ClockTick.LENGTH.multipliedBy(ticks).toNanos() / 1e3 / run.responses();
    }

    /// Where the load generator itself may be what is measured.
    private static List<String> doubts(Run run) {
        List<String> doubts = new ArrayList<>();
        if (run.isLate()) {
            long lag = run.lag().percentiles().p99();
            doubts.add(
                    String.format(Locale.ROOT, "the generator's own lag p99 %.1f ms", lag / 1e6));
        }
        double busy = run.generatorCpu().toNanos() / (double) run.elapsed().toNanos();
        if (busy > BUSY) {
            doubts.add(
                    String.format(Locale.ROOT, "the generator was busy for %.0f %%", busy * 100));
        }
        return doubts;
    }

    /// @throws Stopped if the comparison was stopped, which explains whatever went wrong
    void checkStopped() {
        engine.checkStopped();
    }
}
