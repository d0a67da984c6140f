package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.trial.Examination;
import io.spvn.bridge.trial.Examination.Import;
import io.spvn.bridge.trial.Examination.Refusal;
import io.spvn.bridge.worker.Trial.Verdict;
import io.spvn.bridge.worker.WorkerSettings.App;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DoctorTest {
    private static final Examination.Python PYTHON =
            new Examination.Python("/python/bin/python3.13", "3.13.0", "with a GIL");
    private static final Import DONE = new Import(true, "", "");
    private static final String REFUSES = "does not support sub-interpreters";

    @TempDir private Path directory;

    private final Map<String, String> properties = new HashMap<>(Invocation.INSTALLATION);
    private @Nullable App asked;

    @BeforeEach
    void install() throws IOException {
        Path support = Files.createDirectories(directory.resolve("site"));
        Files.createDirectories(support.resolve("jep"));
        Files.createFile(support.resolve("jep/libjep.so"));
        Files.createDirectories(support.resolve("jep-4.3.1.dist-info"));
        properties.put("spvn.python.support", support.toString());
        properties.put(
                "spvn.python.library", Files.createFile(directory.resolve("lib.so")).toString());
    }

    private Invocation run(Examination found, String... args) {
        return Invocation.withDoctor(
                properties,
                (_, app) -> {
                    asked = app;
                    return found;
                },
                args);
    }

    private static Examination bare(Examination.@Nullable Python python) {
        return new Examination(python, null, null, null, List.of(), List.of(), null, null);
    }

    private static Examination imported(
            int modules, Verdict verdict, List<String> loaded, Refusal... refusals) {
        return new Examination(
                PYTHON, "0.23.0", DONE, modules, List.of(refusals), loaded, verdict, null);
    }

    /// The value beside a name.
    private static String fact(Invocation invocation, String name) {
        return invocation
                .out()
                .lines()
                .filter(line -> line.startsWith(name + "  "))
                .map(line -> line.substring(name.length()).strip())
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + "\n" + invocation));
    }

    @Test
    void withoutAnApp_tellsWhatThereIs() {
        Invocation invocation = run(bare(PYTHON), "doctor");
        assertEquals(0, invocation.exitCode(), invocation.err());
        assertNull(asked);
        assertEquals(System.getProperty("spvn.version") + ", /checkout", fact(invocation, "spvn"));
        assertTrue(fact(invocation, "JDK").startsWith(System.getProperty("java.version")));
        assertEquals("3.13.0 with a GIL, /python/bin/python3.13", fact(invocation, "Python"));
        assertEquals(directory.resolve("lib.so").toString(), fact(invocation, "libpython"));
        assertEquals("4.3.1, " + directory.resolve("site"), fact(invocation, "Jep"));
        assertEquals("not installed", fact(invocation, "uvloop"));
        assertTrue(fact(invocation, "open files").matches("\\d+, at most \\d+"));
        assertTrue(fact(invocation, "CPUs").matches("\\d+"));
        assertTrue(fact(invocation, "memory").matches("\\d+ MB,.* Java heap \\d+ MB"));
        assertFalse(invocation.out().contains("workers"), invocation.out());
    }

    @Test
    void columns_areAligned() {
        Invocation invocation = run(bare(PYTHON), "doctor");
        assertTrue(
                invocation.out().lines().allMatch(line -> line.matches(".{10} {2}\\S.*")),
                invocation.out());
    }

    @Test
    void appWhoseEnvironmentRefuses_runsInProcesses() {
        Invocation invocation =
                run(
                        imported(
                                3,
                                new Verdict(false, "numpy._core " + REFUSES),
                                List.of("uvloop.loop"),
                                new Refusal("numpy._core", REFUSES, ""),
                                new Refusal("numpy.fft", REFUSES, ""),
                                new Refusal("uvloop.loop", REFUSES, "crashes (SIGSEGV)")),
                        "doctor",
                        "m:app");
        assertEquals(0, invocation.exitCode(), invocation.err());
        assertTrue(fact(invocation, "app").startsWith("m:app in /"));
        assertTrue(fact(invocation, "app").endsWith(": is imported"));
        assertEquals("main: one worker has it for itself", fact(invocation, "1 worker"));
        assertEquals("process: numpy._core " + REFUSES, fact(invocation, "more workers"));
        assertEquals(
                "3 modules in its environment, 3 of them refuse sub-interpreters",
                fact(invocation, "extensions"));
        assertEquals(
                "these would have to go: numpy, uvloop", fact(invocation, "for sub-interpreters"));
        assertTrue(
                invocation
                        .out()
                        .endsWith(
                                """

                                  module       own GIL  shared GIL         imported
                                  numpy._core  refuses  loads              no
                                  numpy.fft    refuses  loads              no
                                  uvloop.loop  refuses  crashes (SIGSEGV)  yes
                                """),
                invocation.out());
    }

    @Test
    void appThatNothingSpeaksAgainst_runsInSubInterpreters() {
        Invocation invocation =
                run(imported(1, new Verdict(true, "all of it"), List.of()), "doctor", "m");
        assertEquals("subinterpreter: all of it", fact(invocation, "more workers"));
        assertFalse(invocation.out().contains("for sub-interpreters"), invocation.out());
    }

    @Test
    void pythonThatIsTooOld_runsProcesses() {
        properties.put("spvn.python.version", "3.12.7");
        Examination found =
                new Examination(PYTHON, null, DONE, null, List.of(), List.of(), null, null);
        Invocation invocation = run(found, "doctor", "m");
        assertEquals(
                "process: sub-interpreters need Python 3.13 or newer, this is 3.12.7",
                fact(invocation, "more workers"));
        assertEquals("another Python would be needed", fact(invocation, "for sub-interpreters"));
    }

    @Test
    void options_sayWhichAppIsMeant() {
        run(
                imported(0, new Verdict(true, ""), List.of()),
                "doctor",
                "--target",
                "m:make",
                "--app-dir",
                directory.toString(),
                "--factory",
                "--interface",
                "wsgi");
        assertEquals(
                "AppRef[target=m:make, appDir=" + directory + ", appInterface=WSGI, factory=true]",
                String.valueOf(asked == null ? null : asked.ref()));
    }

    @Test
    void appThatCannotBeImported_isExitCode3() {
        Import failed = new Import(false, "cannot import 'm': ValueError", "Traceback\n  x\n");
        Examination found =
                new Examination(PYTHON, null, failed, null, List.of(), List.of(), null, null);
        Invocation invocation = run(found, "doctor", "m");
        assertEquals(3, invocation.exitCode());
        assertEquals("Traceback\n  x\nspvn: cannot import 'm': ValueError\n", invocation.err());
        assertTrue(fact(invocation, "app").endsWith(": cannot be imported"));
        assertFalse(invocation.out().contains("workers"), invocation.out());
    }

    @Test
    void appThatEndsItsTrial_isExitCode3() {
        Verdict verdict = new Verdict(false, "the import of the app ends the process");
        Examination found =
                new Examination(PYTHON, null, null, null, List.of(), List.of(), verdict, null);
        Invocation invocation = run(found, "doctor", "m");
        assertEquals(3, invocation.exitCode());
        assertEquals("spvn: the import of the app ends the process\n", invocation.err());
    }

    @Test
    void pythonThatDoesNotRun_isExitCode4() {
        Examination found =
                new Examination(
                        null,
                        null,
                        null,
                        null,
                        List.of(),
                        List.of(),
                        null,
                        "cannot be started: no such file");
        Invocation invocation = run(found, "doctor");
        assertEquals(4, invocation.exitCode());
        assertEquals("does not run", fact(invocation, "Python"));
        assertTrue(invocation.err().contains("/python/bin/python3.13 does not run"));
    }

    @Test
    void missingLibpythonAndJep_areExitCode4() throws IOException {
        Files.delete(directory.resolve("site/jep/libjep.so"));
        Invocation jep = run(bare(PYTHON), "doctor");
        assertEquals(4, jep.exitCode());
        assertTrue(fact(jep, "Jep").startsWith("missing in "));
        Files.delete(directory.resolve("lib.so"));
        Invocation library = run(bare(PYTHON), "doctor");
        assertEquals(4, library.exitCode());
        assertTrue(library.err().contains("libpython"), library.err());
    }

    @Test
    void badOptions_areExitCode2() {
        assertEquals(2, run(bare(PYTHON), "doctor", "m", "--target", "n").exitCode());
        assertEquals(2, run(bare(PYTHON), "doctor", "--app-dir", "/nowhere").exitCode());
        assertEquals(2, run(bare(PYTHON), "doctor", "--workers", "2").exitCode());
    }
}
