package io.spvn.cli;

import io.spvn.bridge.trial.Examination;
import io.spvn.bridge.worker.AppRef;
import io.spvn.bridge.worker.EventLoop;
import io.spvn.bridge.worker.Isolation;
import io.spvn.bridge.worker.IsolationChoice;
import io.spvn.bridge.worker.LifespanMode;
import io.spvn.bridge.worker.PythonEnvironment;
import io.spvn.bridge.worker.Trial;
import io.spvn.bridge.worker.WorkerSettings.App;
import io.spvn.bridge.worker.WorkerSettings.Crew;
import io.spvn.server.process.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One examination, from what the launcher has found to the report and the exit code.
final class DoctorRun {
    private static final int SEVERAL = 2;

    private final Engine engine;
    private final Console console;

    DoctorRun(Engine engine, Console console) {
        this.engine = engine;
        this.console = console;
    }

    /// Asks a Python.
    @FunctionalInterface
    interface Engine {
        /// Takes seconds, and imports the app if there is one.
        ///
        /// @param app what is tried, null for nothing
        Examination examine(PythonEnvironment python, @Nullable App app)
                throws InterruptedException;
    }

    /// Examines and reports, also where it fails then.
    ///
    /// @param ref the app, null for none
    /// @param argv what it sees as `sys.argv`
    /// @return the exit code of the process
    int run(Installation installation, @Nullable AppRef ref, List<String> argv)
            throws InterruptedException {
        PythonEnvironment python = installation.python();
        Examination found = engine.examine(python, ref == null ? null : app(ref, argv));
        Diagnosis diagnosis = diagnosis(installation, python, ref, found);
        console.report(DoctorReport.text(diagnosis));
        if (!diagnosis.missing().isEmpty()) {
            throw new MissingPart(diagnosis.missing().getFirst());
        }
        Examination.Import imported = found.app();
        if (imported != null && !imported.done()) {
            throw new StartFailure(
                    StartFailure.Fault.APP, imported.message(), imported.traceback());
        }
        if (ref != null && imported == null) {
            throw new StartFailure(StartFailure.Fault.APP, failure(found), "");
        }
        return 0;
    }

    private static App app(AppRef ref, List<String> argv) {
        return new App(ref, LifespanMode.OFF, Duration.ofSeconds(1), "", argv, Map.of());
    }

    private static Diagnosis diagnosis(
            Installation installation,
            PythonEnvironment python,
            @Nullable AppRef ref,
            Examination found)
            throws InterruptedException {
        String jep = jep(python.support());
        boolean imported = found.app() != null && found.app().done();
        return new Diagnosis(
                installation.home(),
                Machine.ofProcess(),
                python.library(),
                python.support(),
                jep,
                found,
                ref,
                imported ? choice(1, python, found) : null,
                imported ? choice(SEVERAL, python, found) : null,
                missing(python, jep, found));
    }

    private static IsolationChoice choice(int workers, PythonEnvironment python, Examination found)
            throws InterruptedException {
        Crew crew = new Crew(workers, Isolation.AUTO, EventLoop.AUTO, Duration.ZERO, false);
        Trial.Verdict verdict = found.verdict();
        Trial.Verdict known = verdict == null ? new Trial.Verdict(false, failure(found)) : verdict;
        return IsolationChoice.of(crew, false, python, () -> known);
    }

    private static String failure(Examination found) {
        Trial.Verdict verdict = found.verdict();
        if (verdict != null) {
            return verdict.reason();
        }
        return "the examination "
                + (found.failure() == null ? "says nothing of it" : found.failure());
    }

    private static List<String> missing(
            PythonEnvironment python, @Nullable String jep, Examination found) {
        List<String> missing = new ArrayList<>();
        if (found.python() == null) {
            missing.add("%s does not run: it %s".formatted(python.executable(), failure(found)));
        }
        if (!Files.isReadable(python.library())) {
            missing.add("there is no libpython that can be read: " + python.library());
        }
        if (jep == null) {
            missing.add(
                    "Jep is not in %s; remove that directory and start again"
                            .formatted(python.support()));
        }
        return missing;
    }

    /// The version of Jep in a directory.
    private static @Nullable String jep(Path support) {
        if (!Files.isReadable(support.resolve("jep/libjep.so"))) {
            return null;
        }
        try (Stream<Path> files = Files.list(support)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("jep-.+\\.dist-info"))
                    .map(name -> name.replaceFirst("^jep-(.+)\\.dist-info$", "$1"))
                    .findFirst()
                    .orElse(null);
        } catch (IOException unreadable) {
            return null;
        }
    }
}
