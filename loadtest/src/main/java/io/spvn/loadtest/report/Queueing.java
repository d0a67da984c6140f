package io.spvn.loadtest.report;

import io.spvn.loadtest.attack.ErrorKind;
import io.spvn.loadtest.attack.Interval;
import io.spvn.loadtest.attack.Load;
import io.spvn.loadtest.attack.Pacer;
import io.spvn.loadtest.attack.Percentiles;
import io.spvn.loadtest.attack.Run;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Whether the requests of an open loop piled up, and before what: the connections of this program,
/// which are as many as the user asked for, or the server. It goes by what requests waited, never
/// by the rate of responses, in which one late response at the end of a short run looks like many.
final class Queueing {
    private static final long NOTICED_NANOS = Duration.ofMillis(1).toNanos();
    private static final double NOTICED_RATIO = 1.5;
    private static final double NOTICED_GROWTH = 0.05;

    private final Run run;
    private final Load.Open load;

    private Queueing(Run run, Load.Open load) {
        this.run = run;
        this.load = load;
    }

    /// Empty in a closed loop, and if requests did not pile up.
    static Optional<Note> of(Run run) {
        return run.plan().load() instanceof Load.Open load
                ? new Queueing(run, load).note()
                : Optional.empty();
    }

    private Optional<Note> note() {
        if (waited()) {
            return Optional.of(
                    new Note(
                            "Requests waited for one of the %s."
                                    .formatted(Units.connections(load.connections())),
                            allowed()));
        }
        return growth();
    }

    /// The generator's own lag is no wait for a connection.
    private boolean waited() {
        long latency = run.latency().percentiles().p99() - run.lag().percentiles().p99();
        long service = run.service().percentiles().p99();
        boolean longer = latency > NOTICED_RATIO * service && latency - service > NOTICED_NANOS;
        return longer || run.errors().containsKey(ErrorKind.UNSENT);
    }

    /// By Little's law: so many connections, each busy for the mean time of service.
    private String allowed() {
        Percentiles service = run.service().percentiles();
        if (service.count() == 0) {
            return "None of them had a response.";
        }
        double rate = load.connections() * 1e9 / Math.max(1, service.mean());
        return "At %s of service (mean; p50 is %s) they allow %s requests a second%s"
                .formatted(
                        Units.time(service.mean()),
                        Units.time(service.p50()),
                        Units.rate(rate),
                        rate > asked()
                                ? ", more than were due: the server was slow for a time."
                                : "; --connections gives more, if the server can do more.");
    }

    private double asked() {
        return switch (load.pacer()) {
            case Pacer.Constant(double rate) -> rate;
            case Pacer.Ramp(double from, double to, _) -> Math.max(from, to);
        };
    }

    /// Requests that all had a connection at once, and yet took longer the later they came.
    private Optional<Note> growth() {
        List<Interval> answered =
                run.intervals().stream().filter(interval -> interval.responses() > 0).toList();
        int quarter = answered.size() / 4;
        if (quarter == 0) {
            return Optional.empty();
        }
        long first = median(answered.subList(0, quarter));
        long last = median(answered.subList(answered.size() - quarter, answered.size()));
        double noticed = NOTICED_GROWTH * run.plan().duration().toNanos();
        return last - first > Math.max(noticed, (double) NOTICED_NANOS)
                ? Optional.of(notKeptUp(first, last))
                : Optional.empty();
    }

    private static Note notKeptUp(long first, long last) {
        return new Note(
                "The server did not keep up.",
                String.format(
                        Locale.ROOT,
                        "Half of the requests took %s and more at the start, and %s at the end.",
                        Units.time(first),
                        Units.time(last)));
    }

    private static long median(List<Interval> intervals) {
        long[] times =
                intervals.stream()
                        .mapToLong(interval -> interval.latency().p50())
                        .sorted()
                        .toArray();
        return times[times.length / 2];
    }
}
