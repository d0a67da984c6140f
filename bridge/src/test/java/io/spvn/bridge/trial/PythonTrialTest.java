package io.spvn.bridge.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.worker.PythonEnvironment;
import io.spvn.bridge.worker.Settings;
import io.spvn.bridge.worker.Trial.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// With scripts that answer in Python's place, however they are asked.
@Timeout(30)
class PythonTrialTest {
    @TempDir private Path directory;

    private PythonTrial trial(String script) throws IOException {
        Path python = directory.resolve("python");
        Files.writeString(python, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwx------"));
        PythonEnvironment environment =
                new PythonEnvironment(
                        python,
                        Path.of("libpython.so"),
                        "3.13.0",
                        directory.resolve("site"),
                        directory);
        return new PythonTrial(environment, Settings.ofPython(python).app(), _ -> {});
    }

    private static String line(String... fields) {
        return "printf 'spvn-trial\\t" + String.join("\\t", fields) + "\\n'\n";
    }

    @Test
    void verdict_isWhatItSaysLast() throws IOException, InterruptedException {
        PythonTrial trial =
                trial("echo noise\n" + line("step", "trying") + line("verdict", "safe", "all do"));
        assertEquals(new Verdict(true, "all do"), trial.ask());
        assertEquals(
                new Verdict(false, "m refuses"),
                trial(line("verdict", "unsafe", "m refuses")).ask());
    }

    @Test
    void silenceGarbageAndFailure_areNotSafe() throws IOException, InterruptedException {
        assertEquals(
                new Verdict(false, "a trial of sub-interpreters says nothing"), trial("").ask());
        assertEquals(
                new Verdict(
                        false, "a trial of sub-interpreters ends with exit code 2 (out of memory)"),
                trial("echo out of memory\nexit 2\n").ask());
        Verdict garbage = trial(line("verdict", "safe")).ask();
        assertFalse(garbage.safe());
        assertTrue(garbage.reason().contains("prints what it should not"), garbage.reason());
    }

    @Test
    void failureAfterAVerdict_makesItWorthless() throws IOException, InterruptedException {
        assertFalse(trial(line("verdict", "safe", "all do") + "kill -9 $$\n").ask().safe());
    }

    @Test
    void arguments_sayWhatIsAsked() throws IOException, InterruptedException {
        Path asked = directory.resolve("asked");
        Verdict _ = trial("shift 2; printf '%s\\n' \"$@\" > " + asked).ask();
        assertEquals(
                """
                decide
                %s/trials
                20
                app
                .
                auto
                false
                support
                spvn
                """
                        .formatted(directory)
                        .replace("support", directory.resolve("site").toString()),
                Files.readString(asked).replaceFirst("^.*\n", ""));
    }

    @Test
    void examination_isAllThatItSays() throws IOException, InterruptedException {
        Examination found =
                trial(
                                line("python", "/bin/python", "3.13.0", "with a GIL")
                                        + line("uvloop", "0.23.0")
                                        + line("app", "stopped", "", "")
                                        + line("loaded", "a.b")
                                        + line("modules", "2")
                                        + line("refuses", "a.b", "crashes", "")
                                        + line("verdict", "unsafe", "a.b crashes"))
                        .examine();
        assertEquals(new Examination.Python("/bin/python", "3.13.0", "with a GIL"), found.python());
        assertEquals("0.23.0", found.uvloop());
        assertEquals(new Examination.Import(true, "", ""), found.app());
        assertEquals(2, found.modules());
        assertEquals("a.b", found.loaded().getFirst());
        assertEquals(new Examination.Refusal("a.b", "crashes", ""), found.refusals().getFirst());
        assertEquals(new Verdict(false, "a.b crashes"), found.verdict());
        assertNull(found.failure());
    }

    @Test
    void examination_ofWhatDoesNotRun_saysSo() throws IOException, InterruptedException {
        Examination found = trial("exit 9\n").examine();
        assertNull(found.python());
        assertNotNull(found.failure());
        assertEquals("ends with exit code 9", found.failure());
    }
}
