package io.spvn.loadtest.compare;

import io.spvn.loadtest.attack.Distribution;
import io.spvn.loadtest.attack.Run;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One server's figures in one scenario and round.
///
/// @param round from 1
/// @param latency of what is compared: all responses, or under overload only successes
/// @param cpuMicros of the whole server for each response
/// @param residentMib of the whole server at the end
/// @param notes for people
record Sample(
        int round,
        Run run,
        Distribution latency,
        double cpuMicros,
        double residentMib,
        List<String> notes) {
    long nonSuccesses() {
        return run.responses() - run.successes();
    }

    double p50() {
        return latency.percentiles().p50() / 1e6;
    }

    double p99() {
        return latency.percentiles().p99() / 1e6;
    }

    double p999() {
        return latency.percentiles().p999() / 1e6;
    }

    double max() {
        return latency.percentiles().max() / 1e6;
    }

    /// For JSON.
    Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("round", round);
        tree.put("rate", run.rate());
        tree.put("goodput", run.goodput());
        tree.put("p50", p50());
        tree.put("p99", p99());
        tree.put("p99_9", p999());
        tree.put("max", max());
        tree.put("cpu_us", cpuMicros);
        tree.put("rss_mib", residentMib);
        tree.put("failures", run.failures());
        tree.put("non_2xx", nonSuccesses());
        return tree;
    }
}
