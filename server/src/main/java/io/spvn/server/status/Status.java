package io.spvn.server.status;

import io.spvn.server.observe.Answer;
import io.spvn.server.observe.Health;
import io.spvn.server.observe.RequestMeters;
import io.spvn.server.observe.Vitals;
import org.jspecify.annotations.Nullable;

/// The status of the server for people. The front door of this package.
///
/// One thread ticks, the admin listener's asks.
public final class Status {
    private static final String JSON = "application/json; charset=utf-8";

    private final Identity identity;
    private final Health health;
    private final Vitals vitals;
    private final Insight insight;
    private final RequestMeters meters;
    private final History history;
    private @Nullable StatusPage page; // the asking thread's own

    public Status(
            Identity identity,
            Health health,
            Vitals vitals,
            Insight insight,
            RequestMeters meters) {
        this.identity = identity;
        this.health = health;
        this.vitals = vitals;
        this.insight = insight;
        this.meters = meters;
        this.history = new History(meters, vitals, System.nanoTime());
    }

    /// Keeps what is shown of the past. To be called several times a second; does not block.
    public void tick() {
        history.tick(System.nanoTime());
    }

    /// The JSON of this moment.
    public Answer json() {
        return new Answer(200, JSON, Json.text(tree().at(System.nanoTime())) + "\n", "");
    }

    /// The page, with the state of this moment in it.
    public Answer page() {
        StatusPage made = page == null ? StatusPage.load() : page;
        page = made;
        return made.answer(tree().at(System.nanoTime()));
    }

    private StatusTree tree() {
        return new StatusTree(identity, health, vitals, insight, meters, history);
    }
}
