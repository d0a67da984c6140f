package io.spvn.bridge.trial;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A process that is asked something and answers in lines that begin with a mark; other lines are
/// whatever was printed by what it runs. It outlives neither its time nor the question.
///
/// The lines are read by a virtual thread, which ends with the process's output.
final class TrialProcess {
    private static final String MARK = "spvn-trial\t";
    private static final int MOST_OCTETS = 8 * 1024 * 1024;

    private final Process process;
    private final Consumer<List<String>> onAnswer;
    private String lastWords = "";

    private TrialProcess(Process process, Consumer<List<String>> onAnswer) {
        this.process = process;
        this.onAnswer = onAnswer;
    }

    /// Runs a command to its end.
    ///
    /// @param environment makes Java's view of the environment variables what the app is to see
    /// @param onAnswer takes the fields of each answer, on another thread
    /// @return null when it has come to its end, else what it did instead, as a verb
    static @Nullable String run(
            List<String> command,
            Consumer<Map<String, String>> environment,
            Duration limit,
            Consumer<List<String>> onAnswer)
            throws InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectInput(Redirect.from(new File("/dev/null")));
        environment.accept(builder.environment());
        Process process;
        try {
            process = builder.start();
        } catch (IOException failure) {
            return "cannot be started: " + failure.getMessage();
        }
        try {
            return new TrialProcess(process, onAnswer).await(limit);
        } finally {
            end(process);
        }
    }

    private @Nullable String await(Duration limit) throws InterruptedException {
        CompletableFuture<@Nullable String> heard = new CompletableFuture<>();
        Thread.ofVirtual().name("trial").start(() -> heard.complete(listen()));
        String wrong;
        try {
            wrong = heard.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            return "takes longer than " + limit.toSeconds() + " s";
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
        if (wrong != null) {
            return wrong;
        }
        int exitCode = process.waitFor();
        return exitCode == 0 ? null : "ends with exit code " + exitCode + lastWords();
    }

    private String lastWords() {
        return lastWords.isEmpty() ? "" : " (" + lastWords + ")";
    }

    /// @return what is wrong with what it prints, null for nothing
    private @Nullable String listen() {
        int left = MOST_OCTETS;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (InputStream output = new BufferedInputStream(process.getInputStream())) {
            for (int octet = output.read(); octet >= 0; octet = output.read()) {
                if (left-- == 0) {
                    return "prints too much";
                }
                if (octet == '\n') {
                    hear(line.toString(UTF_8));
                    line.reset();
                } else {
                    line.write(octet);
                }
            }
            return null;
        } catch (IOException | IllegalArgumentException failure) {
            return "prints what it should not: " + failure.getMessage();
        }
    }

    private void hear(String line) {
        if (line.startsWith(MARK)) {
            String fields = line.substring(MARK.length());
            onAnswer.accept(
                    List.of(fields.split("\t", -1)).stream()
                            .map(String::translateEscapes)
                            .toList());
        } else if (!line.isBlank()) {
            lastWords = line.strip();
        }
    }

    /// Those that it has started have ends of their own to their time, but that may be long.
    private static void end(Process process) {
        List<ProcessHandle> descendants = process.descendants().toList();
        Process _ = process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
    }
}
