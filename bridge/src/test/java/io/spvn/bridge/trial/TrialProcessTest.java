package io.spvn.bridge.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// With shells in the place of Python.
@Timeout(30)
class TrialProcessTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir private Path directory;

    private final List<List<String>> answers = new CopyOnWriteArrayList<>();

    private @Nullable String run(String script) throws InterruptedException {
        return run(LONG, "sh", "-c", script);
    }

    private @Nullable String run(Duration limit, String... command) throws InterruptedException {
        return TrialProcess.run(
                List.of(command),
                environment -> environment.put("GIVEN", "by us"),
                limit,
                answers::add);
    }

    @Test
    void answers_areTheLinesWithTheMark() throws InterruptedException {
        assertNull(
                run(
                        """
                        echo hello
                        printf 'spvn-trial\\tverdict\\tsafe\\tone\\\\ntwo\\\\\\\\three\\n'
                        echo on stderr >&2
                        printf 'spvn-trial\\tempty\\t\\n'
                        printf 'spvn-trial without\\n'
                        """));
        assertEquals(
                List.of(List.of("verdict", "safe", "one\ntwo\\three"), List.of("empty", "")),
                answers);
    }

    @Test
    void environment_isWhatTheAppIsToSee() throws InterruptedException {
        assertNull(run("printf \"spvn-trial\\t$GIVEN\\n\""));
        assertEquals(List.of(List.of("by us")), answers);
    }

    @Test
    void end_withAnExitCode_comesWithTheLastWords() throws InterruptedException {
        assertEquals(
                "ends with exit code 3 (no module named x)",
                run("echo first; echo 'no module named x' >&2; exit 3"));
        assertEquals("ends with exit code 1", run("exit 1"));
    }

    @Test
    void programThatIsNotThere_isTold() throws InterruptedException {
        String how = run(LONG, "/nowhere/python3");
        assertNotNull(how);
        assertTrue(how.startsWith("cannot be started: "), how);
    }

    @Test
    void oneThatHangs_endsWithAllThatItHasStarted() throws InterruptedException, IOException {
        Path pids = directory.resolve("pids");
        String script = "sleep 60 & echo $$ $! > %s; wait".formatted(pids);
        assertEquals("takes longer than 1 s", run(Duration.ofSeconds(1), "sh", "-c", script));
        for (String pid : Files.readString(pids).strip().split(" ", -1)) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(one -> one.onExit().join());
        }
    }

    @Test
    void garbage_isBounded() throws InterruptedException {
        assertEquals("prints too much", run("cat /dev/zero"));
        assertEquals("prints too much", run("yes"));
        assertTrue(answers.isEmpty());
    }

    @Test
    void answerThatMakesNoSense_isTold() throws InterruptedException {
        String how =
                TrialProcess.run(
                        List.of("sh", "-c", "printf 'spvn-trial\\tx\\n'"),
                        _ -> {},
                        LONG,
                        fields -> {
                            throw new IllegalArgumentException("unknown words: " + fields);
                        });
        assertEquals("prints what it should not: unknown words: [x]", how);
        String escape = run("printf 'spvn-trial\\t\\\\q\\n'");
        assertNotNull(escape);
        assertFalse(escape.isBlank());
        assertTrue(answers.isEmpty());
    }
}
