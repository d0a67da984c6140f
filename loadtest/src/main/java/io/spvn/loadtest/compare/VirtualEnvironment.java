package io.spvn.loadtest.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Makes the virtual environment of the comparison: once, and again when the pins or the Python
/// change.
final class VirtualEnvironment {
    private static final Duration PROBE_TIME = Duration.ofSeconds(30);
    private static final Duration MAKING_TIME = Duration.ofMinutes(15);
    private static final String PROBE =
            "import sys; print('.'.join(map(str, sys.version_info[:3])), sys.base_prefix)";

    private final Path python;
    private final Path state;
    private final Pins pins;
    private final Children children;
    private final Path directory;
    private final Path log;

    VirtualEnvironment(Path python, Path state, Pins pins, Children children) {
        this.python = python;
        this.state = state.toAbsolutePath();
        this.pins = pins;
        this.children = children;
        directory = this.state.resolve("rivals");
        log = this.state.resolve("rivals.log");
    }

    /// Makes what is missing.
    ///
    /// @param say is told before something that takes long
    /// @throws ComparisonFailure if it cannot be made
    PythonHome prepare(Consumer<String> say) {
        try {
            Files.createDirectories(state);
            String found = probe();
            String marker = found + "\n" + pins.text();
            Path made = directory.resolve(".pins");
            if (!Files.exists(made) || !Files.readString(made).equals(marker)) {
                say.accept("installing the rivals into " + directory + ", once");
                make();
                Files.writeString(made, marker);
            }
            return new PythonHome(directory, found.split(" ", 2)[0]);
        } catch (IOException e) {
            throw new ComparisonFailure(
                    "cannot keep the virtual environment of the rivals in %s: %s"
                            .formatted(state, e),
                    e);
        }
    }

    /// Version and place of the interpreter.
    private String probe() {
        try {
            run(PROBE_TIME, python.toString(), "-c", PROBE);
            return Files.readString(log).strip();
        } catch (IOException | UncheckedIOException | ComparisonFailure e) {
            throw new ComparisonFailure(python + ": this Python does not run", e);
        }
    }

    private void make() throws IOException {
        delete(directory);
        run(MAKING_TIME, python.toString(), "-m", "venv", directory.toString());
        Path wanted = state.resolve("rivals.txt");
        Files.writeString(wanted, pins.text());
        run(
                MAKING_TIME,
                directory.resolve("bin/python").toString(),
                "-m",
                "pip",
                "install",
                "--no-input",
                "--disable-pip-version-check",
                "--no-deps",
                "-r",
                wanted.toString());
    }

    private void run(Duration time, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        List.of("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME").forEach(builder.environment()::remove);
        if (!children.run(builder, log, time)) {
            throw new ComparisonFailure(
                    "the rivals cannot be installed for %s: a package index within reach is needed"
                                    .formatted(python)
                            + " (%s; all of it: %s)".formatted(LastLine.of(log), log));
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
