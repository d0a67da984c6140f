package io.spvn.image;

import java.io.IOException;
import java.time.Duration;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;

/// Waits until the admin address says that the app is up.
final class ReadyStrategy extends AbstractWaitStrategy {
    private final Spvn spvn;

    ReadyStrategy(Spvn spvn) {
        this.spvn = spvn;
        withStartupTimeout(Duration.ofSeconds(60));
    }

    @Override
    protected void waitUntilReady() {
        boolean came =
                Await.until(
                        startupTimeout,
                        () -> {
                            if (!spvn.isRunning()) {
                                throw new ContainerLaunchException(
                                        "it has ended: " + spvn.getLogs());
                            }
                            return isReady();
                        });
        if (!came) {
            throw new ContainerLaunchException("it does not get ready: " + spvn.getLogs());
        }
    }

    private boolean isReady() throws InterruptedException {
        try {
            return spvn.ask("/health/ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
