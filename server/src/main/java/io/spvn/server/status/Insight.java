package io.spvn.server.status;

import io.spvn.bridge.worker.InHand;
import io.spvn.bridge.worker.WorkerDetail;
import java.util.List;

/// What is to be seen of workers and single requests. Called on any thread; must not block.
public interface Insight {
    /// Addresses that clients come to, once they are bound.
    List<String> addresses();

    /// That of metrics, health and status.
    String adminAddress();

    /// Requests that may wait for a worker.
    int queueCapacity();

    /// The workers in place.
    List<WorkerDetail> workers();

    /// Requests that are not answered yet, the oldest first.
    ///
    /// @param count how many at most
    List<InHand> oldest(int count);
}
