package io.spvn.loadtest.report;

import io.spvn.loadtest.attack.Progress;
import java.util.Locale;

/// How an attack is getting on, in one line for people.
public final class ProgressLine {
    private ProgressLine() {}

    /// A line without its end.
    public static String of(Progress progress) {
        return String.format(
                Locale.ROOT,
                "%3d/%ds %,8.0f req/s  p50 %s  p99 %s  in flight %,d%s  errors %,d",
                progress.elapsed().toSeconds(),
                progress.total().toSeconds(),
                progress.rate(),
                Units.time(progress.p50Nanos()),
                Units.time(progress.p99Nanos()),
                progress.inFlight(),
                progress.waiting() > 0
                        ? String.format(Locale.ROOT, " (+%,d waiting)", progress.waiting())
                        : "",
                progress.errors());
    }
}
