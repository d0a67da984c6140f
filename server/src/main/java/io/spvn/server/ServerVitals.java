package io.spvn.server;

import io.spvn.bridge.worker.RestartReason;
import io.spvn.bridge.worker.WorkerPool;
import io.spvn.bridge.worker.WorkerStatus;
import io.spvn.server.connection.Registry;
import io.spvn.server.observe.Vitals;
import java.util.List;

/// The server's parts as metrics and health see them.
///
/// @param registry the connections
/// @param pool the workers
record ServerVitals(Registry registry, WorkerPool pool) implements Vitals {
    @Override
    public int queueDepth() {
        return pool.queueDepth();
    }

    @Override
    public int connections() {
        return registry.size();
    }

    @Override
    public long bytesHeld() {
        return registry.ledger().held();
    }

    @Override
    public long bytesReceived() {
        return registry.bytesReceived();
    }

    @Override
    public long bytesSent() {
        return registry.bytesSent();
    }

    @Override
    public List<WorkerStatus> workers() {
        return pool.status();
    }

    @Override
    public long restarts(RestartReason reason) {
        return pool.restarts(reason);
    }
}
