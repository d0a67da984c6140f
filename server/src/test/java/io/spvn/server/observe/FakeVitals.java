package io.spvn.server.observe;

import io.spvn.bridge.worker.RestartReason;
import io.spvn.bridge.worker.WorkerState;
import io.spvn.bridge.worker.WorkerStatus;
import java.time.Duration;
import java.util.List;

/// Says of a server what a test wants to hear.
final class FakeVitals implements Vitals {
    volatile int queueDepth;
    volatile int connections;
    volatile long bytesHeld;
    volatile long bytesReceived;
    volatile long bytesSent;
    volatile long crashes;
    volatile List<WorkerStatus> workers = List.of();

    static WorkerStatus worker(int number, WorkerState state, boolean hung) {
        return new WorkerStatus(
                number, state, hung, Duration.ZERO, Duration.ZERO, 0, WorkerStatus.Host.UNKNOWN);
    }

    @Override
    public int queueDepth() {
        return queueDepth;
    }

    @Override
    public int connections() {
        return connections;
    }

    @Override
    public long bytesHeld() {
        return bytesHeld;
    }

    @Override
    public long bytesReceived() {
        return bytesReceived;
    }

    @Override
    public long bytesSent() {
        return bytesSent;
    }

    @Override
    public long restarts(RestartReason reason) {
        return reason == RestartReason.CRASHED ? crashes : 0;
    }

    @Override
    public List<WorkerStatus> workers() {
        return workers;
    }
}
