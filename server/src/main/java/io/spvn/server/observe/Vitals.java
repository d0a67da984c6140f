package io.spvn.server.observe;

import io.spvn.bridge.worker.RestartReason;
import io.spvn.bridge.worker.WorkerStatus;
import java.util.List;

/// What the server says of itself at the moment it is asked. Called on any thread; must not block.
public interface Vitals {
    /// Requests that wait for a worker.
    int queueDepth();

    /// Open connections.
    int connections();

    /// Bytes of the heap that clients make the server hold.
    long bytesHeld();

    /// Bytes from all clients so far.
    long bytesReceived();

    /// Bytes to all clients so far.
    long bytesSent();

    /// The workers there are, in the order of their numbers; none before they have started.
    List<WorkerStatus> workers();

    /// Workers that have taken another's place, so far.
    long restarts(RestartReason reason);
}
