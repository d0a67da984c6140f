package io.spvn.bridge.trial;

import io.spvn.bridge.worker.AppRef;
import io.spvn.bridge.worker.BridgeSource;
import io.spvn.bridge.worker.PythonEnvironment;
import io.spvn.bridge.worker.Trial;
import io.spvn.bridge.worker.WorkerSettings.App;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tries an app and its environment by a child process of the app's own Python, which runs
/// `spvn_bridge.trial`, and keeps what it finds beside what the launcher has prepared for that
/// Python, if it may write there.
///
/// An app is imported only where no extension module of its environment speaks against
/// sub-interpreters, and then again only when something has changed: an import has effects.
///
/// For one thread.
public final class PythonTrial implements Trial {
    private static final System.Logger LOG = System.getLogger(PythonTrial.class.getName());
    private static final String BOOTSTRAP =
            """
            import sys
            sys.path[:] = [sys.argv.pop(1)] + [each for each in sys.path if each]
            from spvn_bridge.trial.console import main
            main()
            """;

    private static final Duration TO_DECIDE = Duration.ofSeconds(20);
    private static final Duration TO_EXAMINE = Duration.ofMinutes(2);

    /// For a child to say what has taken too long.
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);

    private final PythonEnvironment python;
    private final @Nullable App app;
    private final Consumer<Map<String, String>> environment;

    /// @param app what is tried, null for nothing but Python
    /// @param environment makes Java's view of the environment variables what the app is to see
    public PythonTrial(
            PythonEnvironment python,
            @Nullable App app,
            Consumer<Map<String, String>> environment) {
        this.python = python;
        this.app = app;
        this.environment = environment;
    }

    @Override
    public Verdict ask() throws InterruptedException {
        Answers answers = run("decide", TO_DECIDE);
        Examination found = answers.examination();
        Verdict verdict = found.verdict();
        if (verdict != null && found.failure() == null) {
            return verdict;
        }
        String how = found.failure() == null ? "says nothing" : found.failure();
        return new Verdict(false, "a trial of sub-interpreters " + how);
    }

    /// Finds out all that can be told of the Python, its environment and the app.
    public Examination examine() throws InterruptedException {
        return run("examine", TO_EXAMINE).examination();
    }

    private Answers run(String mode, Duration limit) throws InterruptedException {
        Answers answers = new Answers();
        answers.failure =
                TrialProcess.run(
                        command(mode, limit), environment, limit.plus(LAST_WORDS), answers::take);
        return answers;
    }

    private List<String> command(String mode, Duration limit) {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(python.executable().toString(), "-c", BOOTSTRAP));
        command.add(BridgeSource.location().toString());
        String memory = python.cache().resolve("trials").toString();
        command.addAll(List.of(mode, memory, String.valueOf(limit.toSeconds())));
        if (app != null) {
            AppRef ref = app.ref();
            command.addAll(List.of(ref.target(), ref.appDir().toString()));
            command.add(ref.appInterface().name().toLowerCase(Locale.ROOT));
            command.add(String.valueOf(ref.factory()));
            command.add(python.support().toString());
            command.addAll(app.argv());
        }
        return command;
    }

    /// What the child has said so far. Written by the thread that reads it, read once that is over.
    private static final class Answers {
        private final List<Examination.Refusal> refusals = new ArrayList<>();
        private final List<String> loaded = new ArrayList<>();
        private Examination.@Nullable Python python;
        private @Nullable String uvloop;
        private Examination.@Nullable Import app;
        private @Nullable Integer modules;
        private @Nullable Verdict verdict;
        private @Nullable String failure;

        /// @throws IllegalArgumentException when it makes no sense
        synchronized void take(List<String> fields) {
            List<String> rest = fields.subList(1, fields.size());
            switch (fields.getFirst() + " " + rest.size()) {
                case "step 1" -> LOG.log(System.Logger.Level.INFO, rest.getFirst());
                case "python 3" ->
                        python = new Examination.Python(rest.get(0), rest.get(1), rest.get(2));
                case "uvloop 1" -> uvloop = rest.getFirst();
                case "app 3" ->
                        app =
                                new Examination.Import(
                                        "stopped".equals(rest.get(0)), rest.get(1), rest.get(2));
                case "loaded 1" -> loaded.add(rest.getFirst());
                case "modules 1" -> modules = Integer.valueOf(rest.getFirst());
                case "refuses 3" ->
                        refusals.add(
                                new Examination.Refusal(rest.get(0), rest.get(1), rest.get(2)));
                case "verdict 2" -> verdict = new Verdict("safe".equals(rest.get(0)), rest.get(1));
                default -> throw new IllegalArgumentException("unknown words: " + fields);
            }
        }

        synchronized Examination examination() {
            return new Examination(
                    python, uvloop, app, modules, refusals, loaded, verdict, failure);
        }
    }
}
