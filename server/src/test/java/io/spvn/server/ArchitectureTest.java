package io.spvn.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.spvn.bridge.worker.Isolation;
import io.spvn.bridge.worker.RestartReason;
import io.spvn.bridge.worker.WorkerState;
import io.spvn.bridge.worker.WorkerStatus;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The arrows between packages, as the architecture draws them. An arrow that is not here is not
/// allowed.
class ArchitectureTest {
    private static final String ROOT = "io.spvn.";

    /// In the order of the line.
    private static final Map<String, List<String>> ARROWS =
            Map.ofEntries(
                    Map.entry("server.process", List.of("bridge.foreign")),
                    Map.entry("server.watch", List.of()),
                    Map.entry("server.tracing", List.of("bridge.asgi", "bridge.exchange")),
                    Map.entry("bridge.asgi", List.of()),
                    Map.entry("bridge.exchange", List.of("bridge.asgi")),
                    Map.entry("bridge.foreign", List.of()),
                    Map.entry("bridge.python", List.of("bridge.foreign")),
                    Map.entry("bridge.worker", List.of("bridge.asgi", "bridge.exchange")),
                    Map.entry(
                            "bridge.embedded",
                            List.of(
                                    "bridge.asgi",
                                    "bridge.exchange",
                                    "bridge.python",
                                    "bridge.worker")),
                    Map.entry(
                            "bridge.process",
                            List.of("bridge.asgi", "bridge.exchange", "bridge.worker")),
                    Map.entry("bridge.trial", List.of("bridge.worker")),
                    Map.entry(
                            "server.access",
                            List.of("bridge.asgi", "bridge.exchange", "server.process")),
                    Map.entry(
                            "server.connection",
                            List.of("bridge.asgi", "bridge.exchange", "server.process")),
                    Map.entry(
                            "server.tls",
                            List.of(
                                    "bridge.asgi",
                                    "bridge.exchange",
                                    "server.connection",
                                    "server.watch")),
                    Map.entry(
                            "server.http",
                            List.of("bridge.asgi", "bridge.exchange", "server.connection")),
                    Map.entry(
                            "server.proxy",
                            List.of(
                                    "bridge.asgi",
                                    "bridge.exchange",
                                    "server.connection",
                                    "server.http")),
                    Map.entry(
                            "server.files",
                            List.of(
                                    "bridge.asgi",
                                    "bridge.exchange",
                                    "server.http",
                                    "server.process")),
                    Map.entry(
                            "server.http1",
                            List.of(
                                    "bridge.asgi",
                                    "bridge.exchange",
                                    "server.connection",
                                    "server.http",
                                    "server.proxy",
                                    "server.websocket")),
                    Map.entry(
                            "server.http2",
                            List.of(
                                    "bridge.asgi",
                                    "bridge.exchange",
                                    "server.connection",
                                    "server.http",
                                    "server.proxy",
                                    "server.websocket")),
                    Map.entry(
                            "server.websocket",
                            List.of(
                                    "bridge.asgi",
                                    "bridge.exchange",
                                    "server.connection",
                                    "server.http")),
                    Map.entry(
                            "server.observe",
                            List.of(
                                    "bridge.asgi",
                                    "bridge.exchange",
                                    "bridge.worker",
                                    "server.process")),
                    Map.entry(
                            "server.status",
                            List.of(
                                    "bridge.asgi",
                                    "bridge.exchange",
                                    "bridge.worker",
                                    "server.observe")),
                    Map.entry(
                            "server",
                            List.of(
                                    "bridge.embedded",
                                    "bridge.exchange",
                                    "bridge.foreign",
                                    "bridge.process",
                                    "bridge.trial",
                                    "bridge.worker",
                                    "server.access",
                                    "server.connection",
                                    "server.files",
                                    "server.http",
                                    "server.http1",
                                    "server.http2",
                                    "server.observe",
                                    "server.process",
                                    "server.status",
                                    "server.proxy",
                                    "server.tls",
                                    "server.tracing",
                                    "server.watch",
                                    "server.websocket")));

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.spvn");

    @Test
    void everyPackage_dependsOnlyAlongItsArrows() {
        ARROWS.forEach(ArchitectureTest::checkArrows);
    }

    private static void checkArrows(String from, List<String> to) {
        String[] forbidden =
                ARROWS.keySet().stream()
                        .filter(name -> !name.equals(from) && !to.contains(name))
                        .map(ROOT::concat)
                        .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(ROOT + from)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .check(CLASSES);
    }

    @Test
    void everyPackage_isInTheDrawing() {
        classes()
                .should()
                .resideInAnyPackage(
                        ARROWS.keySet().stream().map(ROOT::concat).toArray(String[]::new))
                .check(CLASSES);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching("io.spvn.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void nativeMemory_isSeenOnlyWhereCIsCalled() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.spvn.bridge.foreign", "io.spvn.bridge.python", "io.spvn.server.process")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(MemorySegment.class)
                .check(CLASSES);
    }

    @Test
    void helidon_isSeenOnlyInTheServer() {
        noClasses()
                .that()
                .resideInAPackage("io.spvn.bridge..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.helidon..")
                .check(CLASSES);
    }

    @Test
    void helidonsInside_isReachedIntoByOneClass() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.spvn.server.connection.HelidonSeam")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Field.class)
                .check(CLASSES);
    }

    @Test
    void openTelemetry_isSeenOnlyByTracing() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.spvn.server.tracing")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.opentelemetry..")
                .check(CLASSES);
    }

    @Test
    void micrometer_isSeenOnlyByMetrics() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.spvn.server.observe")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micrometer..")
                .check(CLASSES);
    }

    @Test
    void observe_seesOfWorkersOnlyTheirStatus() {
        noClasses()
                .that()
                .resideInAPackage("io.spvn.server.observe")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.spvn.bridge.worker")
                                .and(
                                        not(
                                                belongToAnyOf(
                                                        WorkerStatus.class,
                                                        WorkerStatus.Host.class,
                                                        WorkerState.class,
                                                        Isolation.class,
                                                        RestartReason.class))))
                .check(CLASSES);
    }

    @Test
    void jep_isSeenOnlyByRuntimeAndInterpreter() {
        noClasses()
                .that()
                .doNotHaveSimpleName("PythonRuntime")
                .and()
                .doNotHaveSimpleName("Interpreter")
                .and()
                .doNotHaveSimpleName("NoJavaPackages")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jep..")
                .check(CLASSES);
    }
}
