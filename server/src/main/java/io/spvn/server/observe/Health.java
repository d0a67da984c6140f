package io.spvn.server.observe;

import io.spvn.bridge.worker.WorkerStatus;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/// Whether the server is alive and whether it is ready for requests:
///
///     STARTING -> SERVING -> STOPPING
///         |          |  \       ^
///         |          |   +-> LOST
///         +----------+------------+
///
/// Any thread may move it on and ask.
public final class Health {
    /// Where the server is in its life.
    private enum Phase {
        STARTING,
        SERVING,
        STOPPING,
        /// All workers have ended though nobody has stopped them.
        LOST
    }

    private Phase phase = Phase.STARTING;

    public Health() {}

    /// The server has started.
    public void serving() {
        move(EnumSet.of(Phase.STARTING), Phase.SERVING);
    }

    /// The server has been asked to stop. One that has lost its workers stays lost.
    public void stopping() {
        move(EnumSet.of(Phase.STARTING, Phase.SERVING), Phase.STOPPING);
    }

    /// The workers have ended by themselves.
    public void lost() {
        move(EnumSet.of(Phase.STARTING, Phase.SERVING), Phase.LOST);
    }

    private synchronized void move(EnumSet<Phase> from, Phase to) {
        if (from.contains(phase)) {
            phase = to;
        }
    }

    private synchronized Phase phase() {
        return phase;
    }

    /// Where the server is in its life, in one word.
    public String label() {
        return phase().name().toLowerCase(Locale.ROOT);
    }

    /// Whether requests should be sent here now.
    ///
    /// @param workers what they do at this moment
    public boolean isReady(List<WorkerStatus> workers) {
        return ready(workers).status() == Answer.OK.status();
    }

    /// Why, in words.
    ///
    /// @param workers what they do at this moment
    public String reason(List<WorkerStatus> workers) {
        return ready(workers).body().strip();
    }

    /// Whether the process is of use; one that is not wants to be replaced.
    Answer live() {
        return phase() == Phase.LOST ? Answer.unavailable("all workers are lost") : Answer.OK;
    }

    /// Whether requests should be sent here now.
    ///
    /// @param workers what they do at this moment
    Answer ready(List<WorkerStatus> workers) {
        return switch (phase()) {
            case STARTING -> Answer.unavailable("starting");
            case SERVING -> ofWorkers(workers);
            case STOPPING -> Answer.unavailable("stopping");
            case LOST -> Answer.unavailable("all workers are lost");
        };
    }

    private static Answer ofWorkers(List<WorkerStatus> workers) {
        List<WorkerStatus> serving = workers.stream().filter(WorkerStatus::serving).toList();
        if (serving.isEmpty()) {
            return Answer.unavailable("no worker serves");
        }
        return serving.stream().allMatch(WorkerStatus::hung)
                ? Answer.unavailable("every worker is hung")
                : Answer.OK;
    }
}
