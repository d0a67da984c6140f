package io.spvn.loadtest.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A script plays Python: it tells a version, and makes a directory with a "pip" that does as it is
/// told.
final class VirtualEnvironmentTest {
    @TempDir Path directory;
    private Path python;
    private Path state;
    private final Children children = new Children();
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void makePython() throws IOException {
        python = directory.resolve("python");
        state = directory.resolve("state");
        pipThat("echo installed >> " + directory.resolve("installs"));
    }

    @AfterEach
    void killAll() {
        children.close();
    }

    @Test
    void prepare_makesItOnce() throws IOException {
        PythonHome home = prepare("granian==1.0\n");
        assertEquals("3.13.7", home.version());
        assertEquals(state.resolve("rivals/bin/granian"), home.program("granian"));
        prepare("granian==1.0\n");
        assertEquals(1, installs());
        assertEquals(1, said.size());
        assertEquals("granian==1.0\n", Files.readString(state.resolve("rivals.txt")));
    }

    @Test
    void prepare_makesItAgain_whenThePinsChange() throws IOException {
        prepare("granian==1.0\n");
        Files.writeString(state.resolve("rivals/stale"), "");
        prepare("granian==2.0\n");
        assertEquals(2, installs());
        assertFalse(Files.exists(state.resolve("rivals/stale")));
    }

    @Test
    void prepare_makesItAgain_whenItWasNotFinished() throws IOException {
        pipThat("exit 1");
        assertThrows(ComparisonFailure.class, () -> prepare("granian==1.0\n"));
        makePython();
        prepare("granian==1.0\n");
        assertEquals(1, installs());
    }

    @Test
    void failure_saysWhy_andNamesTheLog() throws IOException {
        pipThat("echo; echo 'ERROR: No matching distribution found for granian==1.0'; exit 1");
        String message =
                assertThrows(ComparisonFailure.class, () -> prepare("granian==1.0\n")).getMessage();
        assertEquals(
                "the rivals cannot be installed for %s: a package index within reach is needed"
                                .formatted(python)
                        + " (ERROR: No matching distribution found for granian==1.0; all of it: %s)"
                                .formatted(state.resolve("rivals.log")),
                message);
    }

    @Test
    void missingPython_isALine() throws IOException {
        Files.delete(python);
        String message = assertThrows(ComparisonFailure.class, () -> prepare("")).getMessage();
        assertEquals(python + ": this Python does not run", message);
    }

    private PythonHome prepare(String pins) {
        return new VirtualEnvironment(python, state, new Pins(pins), children).prepare(said::add);
    }

    private int installs() throws IOException {
        return Files.readAllLines(directory.resolve("installs")).size();
    }

    private void pipThat(String does) throws IOException {
        Files.writeString(
                python,
                """
                #!/bin/sh
                if [ "$1" = -c ]; then echo 3.13.7 /usr; exit; fi
                mkdir -p "$3/bin"
                printf '%%s\\n' '#!/bin/sh' "%s" > "$3/bin/python"
                chmod +x "$3/bin/python"
                """
                        .formatted(does));
        assertTrue(python.toFile().setExecutable(true));
    }
}
