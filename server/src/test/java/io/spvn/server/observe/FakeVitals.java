package io.spvn.server.observe;

import java.time.Duration;
import java.util.List;

/// Says of a server what a test wants to hear.
final class FakeVitals implements Vitals {
    volatile int queueDepth;
    volatile int connections;
    volatile long bytesHeld;
    volatile long bytesReceived;
    volatile long bytesSent;
    volatile List<WorkerVitals> workers = List.of();

    static WorkerVitals worker(int number, String state, boolean hung) {
        return new WorkerVitals(number, state, hung, Duration.ZERO, Duration.ZERO, 0);
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
    public List<WorkerVitals> workers() {
        return workers;
    }
}
