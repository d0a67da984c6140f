package io.spvn.image;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;

/// Tests that are skipped, with the reason, where no Docker engine answers.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsEngine.Condition.class)
@interface NeedsEngine {
    final class Condition implements ExecutionCondition {
        private static final boolean ANSWERS = DockerClientFactory.instance().isDockerAvailable();

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return ANSWERS
                    ? ConditionEvaluationResult.enabled("a Docker engine answers")
                    : ConditionEvaluationResult.disabled(
                            "no Docker engine answers, neither at DOCKER_HOST nor at the default socket");
        }
    }
}
