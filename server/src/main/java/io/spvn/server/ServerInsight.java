package io.spvn.server;

import io.spvn.bridge.worker.Census;
import io.spvn.bridge.worker.InHand;
import io.spvn.bridge.worker.WorkerDetail;
import io.spvn.server.status.Insight;
import java.util.List;
import java.util.function.Supplier;

/// The server's parts as its status sees them.
///
/// @param listeners what clients come to
/// @param admin address of metrics, health and status
/// @param census the workers and their requests
record ServerInsight(Listeners listeners, Supplier<String> admin, Census census)
        implements Insight {
    @Override
    public List<String> addresses() {
        return listeners.urls();
    }

    @Override
    public String adminAddress() {
        return admin.get();
    }

    @Override
    public int queueCapacity() {
        return census.queueCapacity();
    }

    @Override
    public List<WorkerDetail> workers() {
        return census.workers();
    }

    @Override
    public List<InHand> oldest(int count) {
        return census.oldest(count);
    }
}
