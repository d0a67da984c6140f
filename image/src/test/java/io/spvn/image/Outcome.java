package io.spvn.image;

import com.github.dockerjava.api.DockerClient;
import java.time.Duration;
import java.util.Objects;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;

/// How a container ended by itself.
///
/// @param output its log, both streams
record Outcome(long exitCode, String output) {
    /// Of `docker run spvn ARGUMENT...`.
    static Outcome of(String... arguments) {
        try (Spvn spvn = Spvn.serving(arguments)) {
            spvn.withStartupCheckStrategy(new Ended().withTimeout(Duration.ofSeconds(60)));
            spvn.waitingFor(new NoWait());
            spvn.start();
            return new Outcome(
                    Objects.requireNonNull(spvn.state().getExitCodeLong()), spvn.getLogs());
        }
    }

    /// Has started when it has ended.
    private static final class Ended extends StartupCheckStrategy {
        @Override
        public StartupStatus checkStartupState(DockerClient client, String id) {
            String status = getCurrentState(client, id).getStatus();
            return "exited".equals(status) ? StartupStatus.SUCCESSFUL : StartupStatus.NOT_YET_KNOWN;
        }
    }

    private static final class NoWait extends AbstractWaitStrategy {
        @Override
        protected void waitUntilReady() {}
    }
}
