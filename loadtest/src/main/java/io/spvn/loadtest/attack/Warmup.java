package io.spvn.loadtest.attack;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// Makes the generator itself warm: the JVM compiles what it runs only after a while, and until
/// then the generator would be late and blame the server.
public final class Warmup {
    private static final int CONNECTIONS = 8;
    private static final double RATE = 10_000;
    private static final Duration EACH = Duration.ofMillis(500);

    private Warmup() {}

    /// Attacks a responder in this process, for about a second.
    public static void run() {
        try (BareResponder responder = BareResponder.start()) {
            Target target = Target.of(responder.url(), false);
            for (Load load : loads()) {
                new Attack(new Plan(target, Request.get(), load, EACH, EACH)).run(_ -> {});
            }
        } catch (IOException _) {
            // Without a port to listen on there is no warm-up; the attack will say what is wrong.
        }
    }

    private static List<Load> loads() {
        return List.of(
                new Load.Closed(CONNECTIONS), new Load.Open(new Pacer.Constant(RATE), CONNECTIONS));
    }
}
