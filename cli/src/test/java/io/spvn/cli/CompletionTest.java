package io.spvn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Scripts for shells, run by the shells that are there.
final class CompletionTest {
    @TempDir private Path directory;

    private String said(String shell, String program) throws IOException, InterruptedException {
        Path script = directory.resolve("spvn." + shell);
        Files.writeString(script, Invocation.of("completion", shell).out());
        Process process =
                new ProcessBuilder(shell, "-c", program, shell, script.toString())
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return said;
    }

    private static boolean isThere(String shell) {
        return List.of("/bin", "/usr/bin", "/usr/local/bin").stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, shell)));
    }

    /// What bash offers for the last of the words.
    private List<String> offered(String... words) throws IOException, InterruptedException {
        assumeTrue(isThere("bash"));
        String line = String.join(" ", words);
        String program =
                """
                source "$1"
                compopt() { :; }
                COMP_WORDS=(%s) COMP_CWORD=%d COMP_LINE='%s' COMP_POINT=%d
                [[ ${COMP_WORDS[COMP_CWORD]+x} ]] || COMP_WORDS+=('')
                name=$(complete -p spvn | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
                $name spvn "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
                printf '%%s\\n' "${COMPREPLY[@]}"
                """
                        .formatted(line, words.length - 1, line, line.length());
        return said("bash", program).lines().map(String::strip).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "spvn ser, serve",
        "spvn serve --queue-t, --queue-timeout",
        "spvn serve --reload-inc, --reload-include",
        "spvn serve --isolation sub, subinterpreter",
        "spvn loadtest att, attack",
        "spvn completion fi, fish"
    })
    void bash(String line, String wanted) throws IOException, InterruptedException {
        List<String> offered = offered(line.split(" ", -1));
        assertTrue(offered.contains(wanted), offered.toString());
    }

    /// A terminal in which a key is pressed: what comes is awaited.
    @ParameterizedTest
    @CsvSource({
        "spvn ser,                    spvn serve ",
        "spvn serve --queue-t,        --queue-timeout ",
        "spvn serve --isolation sub,  --isolation subinterpreter ",
        "spvn loadtest att,           loadtest attack ",
        "spvn completion fi,          completion fish "
    })
    @Timeout(60)
    void zsh_completesWhatIsTyped(String typed, String wanted)
            throws IOException, InterruptedException {
        assumeTrue(isThere("zsh"), "there is no zsh");
        String program =
                """
                export TERM=dumb
                zmodload zsh/zpty
                zpty shell zsh -f -i
                zpty -w shell "autoload -U compinit; compinit -u -D; source $1; print re''ady"
                zpty -r -m shell said '*ready*'
                zpty -w -n shell '%s'$'\\t'
                zpty -r -m shell said '*%s*' && print completed
                zpty -d shell
                """
                        .formatted(typed, wanted);
        assertEquals("completed", said("zsh", program).strip());
    }

    @Test
    void zsh_readsTheSame() throws IOException, InterruptedException {
        assertEquals(
                Invocation.of("completion", "bash").out(),
                Invocation.of("completion", "zsh").out());
        assumeTrue(isThere("zsh"));
        assertEquals(
                "ok",
                said("zsh", "autoload -U compinit; compinit -u -D; source \"$1\"; print ok")
                        .strip());
    }

    @Test
    void fish() throws IOException, InterruptedException {
        String script = Invocation.of("completion", "fish").out();
        assertTrue(script.contains("-l queue-timeout"), script);
        assertTrue(script.contains("-l isolation -x -a 'auto subinterpreter main process'"));
        assertFalse(script.contains("%"), script);
    }

    @ParameterizedTest
    @CsvSource({
        "spvn ser,                    serve",
        "spvn serve --queue-t,        --queue-timeout",
        "spvn serve --reload-inc,     --reload-include",
        "spvn serve --no-acc,         --no-access-log",
        "spvn serve --isolation sub,  subinterpreter",
        "spvn loadtest att,           attack",
        "spvn completion fi,          fish"
    })
    void fish_offers(String typed, String wanted) throws IOException, InterruptedException {
        assumeTrue(isThere("fish"), "there is no fish");
        String offered = said("fish", "source $argv[2]; complete -C '%s'".formatted(typed));
        assertTrue(
                offered.lines().anyMatch(line -> line.split("\t", -1)[0].equals(wanted)), offered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " tcsh"})
    void noSuchShell(String shell) {
        Invocation invocation = Invocation.of(("completion" + shell).split(" ", -1));
        assertEquals(2, invocation.exitCode());
        assertEquals(1, invocation.err().lines().count());
    }
}
