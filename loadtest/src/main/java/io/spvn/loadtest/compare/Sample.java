package io.spvn.loadtest.compare;

import io.spvn.loadtest.attack.Distribution;
import io.spvn.loadtest.attack.Load;
import io.spvn.loadtest.attack.Pacer;
import io.spvn.loadtest.attack.Percentiles;
import io.spvn.loadtest.attack.Run;
import io.spvn.loadtest.report.RunJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One server's figures in one scenario and round.
///
/// @param round from 1
/// @param cpuMicros of the whole server for each response; not a number if it could not be measured
/// @param residentMib of the whole server at the end; likewise
/// @param notes for people
record Sample(int round, Run run, double cpuMicros, double residentMib, List<String> notes) {
    private static final int SUCCESS = 2;
    private static final double MOST_TROUBLE = 0.001;
    private static final double LEAST_RATE = 0.95;
    private static final Distribution NOTHING =
            new Distribution(new Percentiles(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), List.of());

    /// The same with one thing more to say about the round.
    Sample with(String note) {
        List<String> all = new ArrayList<>(notes);
        all.add("round " + round + ": " + note);
        return new Sample(round, run, cpuMicros, residentMib, all);
    }

    /// Of successes: a refusal is quick, and not what was wanted.
    Distribution latency() {
        return run.latencyByClass().getOrDefault(SUCCESS, NOTHING);
    }

    /// Whether hardly a request failed or was refused.
    boolean isSound() {
        return run.failures() + nonSuccesses() <= MOST_TROUBLE * run.requests();
    }

    /// Whether successes came at nearly the rate of requests.
    boolean keptPace() {
        if (!(run.plan().load() instanceof Load.Open(Pacer pacer, _))) {
            return true;
        }
        double asked = pacer.countWithin(run.plan().duration());
        double seconds = run.plan().duration().toNanos() / 1e9;
        return run.goodput() >= LEAST_RATE * asked / seconds;
    }

    long nonSuccesses() {
        return run.responses() - run.successes();
    }

    double p50() {
        return latency().percentiles().p50() / 1e6;
    }

    double p99() {
        return latency().percentiles().p99() / 1e6;
    }

    double p999() {
        return latency().percentiles().p999() / 1e6;
    }

    double max() {
        return latency().percentiles().max() / 1e6;
    }

    /// For JSON.
    Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("round", round);
        tree.put("requests", run.requests());
        tree.put("unfinished", run.unfinished());
        tree.put("elapsed_s", run.elapsed().toNanos() / 1e9);
        tree.put("rate", run.rate());
        tree.put("goodput", run.goodput());
        tree.put("p50", p50());
        tree.put("p99", p99());
        tree.put("p99_9", p999());
        tree.put("max", max());
        tree.put("service_p99", run.service().percentiles().p99() / 1e6);
        tree.put("generator_lag_p99", run.lag().percentiles().p99() / 1e6);
        tree.put("generator_cpu_s", run.generatorCpu().toNanos() / 1e9);
        Figures.put(tree, "cpu_us", cpuMicros);
        Figures.put(tree, "rss_mib", residentMib);
        tree.put("failures", run.failures());
        tree.put("non_2xx", nonSuccesses());
        tree.put("errors", RunJson.errors(run.errors()));
        return tree;
    }
}
