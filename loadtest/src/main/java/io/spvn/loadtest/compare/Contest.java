package io.spvn.loadtest.compare;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// All turns of all servers, in order.
final class Contest {
    private static final double START_SECONDS = 2.5;
    private static final double ROW_SECONDS = 0.5;

    private final ComparisonSettings settings;
    private final Results results;
    private final Engine engine;
    private final Starter starter;
    private final Consumer<String> log;
    private final Gauge gauge;
    private final List<Leg> legs;
    private final TimeLeft timeLeft;

    Contest(
            ComparisonSettings settings,
            List<Peer> peers,
            Results results,
            Engine engine,
            Starter starter,
            Consumer<String> log) {
        this.settings = settings;
        this.results = results;
        this.engine = engine;
        this.starter = starter;
        this.log = log;
        gauge = new Gauge(engine, settings.seconds());
        legs = Leg.schedule(settings.rounds(), results.groups(), peers);
        double planned = legs.stream().mapToDouble(this::cost).sum();
        timeLeft = new TimeLeft(System.nanoTime(), planned);
    }

    /// @throws Stopped when it was stopped; what was measured until then is in the rows
    void run() {
        for (Leg leg : legs) {
            engine.checkStopped();
            run(leg);
            timeLeft.done(cost(leg));
        }
    }

    private void run(Leg leg) {
        List<Row> rows = results.of(leg);
        String obstacle = leg.peer().obstacle(leg.group());
        if (obstacle != null) {
            rows.forEach(row -> row.notRun(leg.round(), obstacle));
        }
        List<Row> hopeful = rows.stream().filter(row -> !row.isHopeless()).toList();
        if (!hopeful.isEmpty()) {
            new Turn(
                            leg.round(),
                            () -> starter.start(leg.peer(), leg.group()),
                            gauge,
                            settings.warmup())
                    .run(hopeful, row -> say(leg, row));
        }
    }

    private void say(Leg leg, Row row) {
        log.accept(
                String.format(
                        Locale.ROOT,
                        "round %d of %d: %s on %s (%s)",
                        leg.round(),
                        settings.rounds(),
                        row.scenario().name(),
                        row.peer(),
                        timeLeft.text(System.nanoTime())));
    }

    private double cost(Leg leg) {
        double seconds = settings.seconds().toNanos() / 1e9;
        double start = START_SECONDS + settings.warmup().toNanos() / 1e9;
        double row = ROW_SECONDS + seconds + Gauge.settling(settings.seconds()).toNanos() / 1e9;
        return start + results.of(leg).size() * row;
    }
}
