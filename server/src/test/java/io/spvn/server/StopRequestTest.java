package io.spvn.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spvn.server.observe.Health;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class StopRequestTest {
    private final StopRequest request = new StopRequest(new Health());

    @Test
    void asked_isASuccessWhenTheAppWasServedToItsEnd() throws InterruptedException {
        request.ask();
        request.await();
        assertEquals(0, request.exitCode(true));
        assertEquals(1, request.exitCode(false));
    }

    @Test
    void lostWorkers_areAFailureInAnyCase() throws InterruptedException {
        request.workersLost();
        request.await();
        assertEquals(1, request.exitCode(true));
    }

    @Test
    void lostWorkers_afterAskedFor_areAFailure() throws InterruptedException {
        request.ask();
        request.workersLost();
        request.await();
        assertEquals(1, request.exitCode(true));
    }
}
