package io.spvn.server;

import io.spvn.bridge.embedded.EmbeddedWorkers;
import io.spvn.bridge.process.ProcessWorkers;
import io.spvn.bridge.worker.Isolation;
import io.spvn.bridge.worker.Worker;
import io.spvn.bridge.worker.WorkerFactory;
import io.spvn.server.process.Carriers;
import io.spvn.server.process.Privileges;

/// Makes workers of every kind, by who knows how.
///
/// @param privileges dropped before there is a process of another
record KindsOfWorkers(EmbeddedWorkers embedded, ProcessWorkers processes, Privileges privileges)
        implements WorkerFactory {
    @Override
    public Worker make(Place place) {
        if (place.isolation() != Isolation.PROCESS) {
            return embedded.make(place);
        }
        privileges.drop();
        Carriers.shareWithProcesses();
        return processes.make(place);
    }

    @Override
    public void renew() {
        processes.renew();
    }
}
