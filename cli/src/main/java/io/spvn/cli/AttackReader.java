package io.spvn.cli;

import io.spvn.loadtest.attack.Load;
import io.spvn.loadtest.attack.Plan;
import io.spvn.loadtest.attack.Request;
import io.spvn.loadtest.attack.Target;
import java.time.Duration;

/// Makes the plan of an attack.
final class AttackReader {
    private final AttackCommand options;

    AttackReader(AttackCommand options) {
        this.options = options;
    }

    AttackSettings settings() {
        AttackCommand.Report report = options.report;
        return new AttackSettings(
                plan(), options.load.noWarmup, report.out, report.json, report.quiet);
    }

    private Plan plan() {
        Duration duration =
                Resolve.orSeconds(options.load.duration, AttackCommand.DEFAULT_DURATION_SECONDS);
        Duration timeout =
                Resolve.orSeconds(options.load.timeout, AttackCommand.DEFAULT_TIMEOUT_SECONDS);
        Load load = new LoadReader(options.load, duration).load();
        Request request = new RequestReader(options.request).request();
        Target target = target();
        return Resolve.field(() -> new Plan(target, request, load, duration, timeout));
    }

    private Target target() {
        String url = options.url;
        if (url == null || url.isBlank()) {
            throw new UsageError("no URL: write 'spvn loadtest attack http://127.0.0.1:8000/'");
        }
        try {
            return Target.of(url, options.load.allowRemote);
        } catch (IllegalArgumentException e) {
            throw new UsageError(String.valueOf(e.getMessage()));
        }
    }
}
