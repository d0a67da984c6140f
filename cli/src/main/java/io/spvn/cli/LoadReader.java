package io.spvn.cli;

import io.spvn.loadtest.attack.Load;
import io.spvn.loadtest.attack.Pacer;
import java.time.Duration;

/// How requests come: at a rate, at a rate that changes, or as fast as they are answered.
final class LoadReader {
    private final AttackCommand.LoadOptions given;
    private final Duration duration;

    LoadReader(AttackCommand.LoadOptions given, Duration duration) {
        this.given = given;
        this.duration = duration;
    }

    Load load() {
        requireOne("--rate and --ramp", given.rate != null, given.ramp != null);
        requireOne("--rate and --closed", given.rate != null, given.closed);
        requireOne("--ramp and --closed", given.ramp != null, given.closed);
        int connections = Resolve.or(given.connections, AttackCommand.DEFAULT_CONNECTIONS);
        return Resolve.field(
                () ->
                        given.closed
                                ? new Load.Closed(connections)
                                : new Load.Open(pacer(), connections));
    }

    private Pacer pacer() {
        RateSpan ramp = given.ramp;
        if (ramp != null) {
            return Resolve.checked(
                    "--ramp", () -> new Pacer.Ramp(ramp.from(), ramp.to(), duration));
        }
        return new Pacer.Constant(Resolve.or(given.rate, (double) AttackCommand.DEFAULT_RATE));
    }

    private static void requireOne(String names, boolean one, boolean other) {
        if (one && other) {
            throw new UsageError(names + ": use one or the other");
        }
    }
}
