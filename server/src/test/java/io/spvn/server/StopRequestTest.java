package io.spvn.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spvn.bridge.worker.WorkerFailure;
import io.spvn.server.observe.Health;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class StopRequestTest {
    private final WorkerFailure lost = new WorkerFailure("all ended", "", false);

    private final StopRequest request = new StopRequest(new Health());

    @Test
    void asked_isASuccessWhenTheAppWasServedToItsEnd() throws InterruptedException {
        request.ask();
        request.await();
        assertEquals(0, request.exitCode(true));
        assertEquals(1, request.exitCode(false));
    }

    @Test
    void workersLostByTheApp_areItsFailure() throws InterruptedException {
        request.workersLost(new WorkerFailure("signal 11", "", true));
        request.await();
        assertEquals(3, request.exitCode(true));
    }

    @Test
    void lostWorkers_areAFailureInAnyCase() throws InterruptedException {
        request.workersLost(lost);
        request.await();
        assertEquals(1, request.exitCode(true));
    }

    @Test
    void lostWorkers_afterAskedFor_areAFailure() throws InterruptedException {
        request.ask();
        request.workersLost(lost);
        request.await();
        assertEquals(1, request.exitCode(true));
    }
}
