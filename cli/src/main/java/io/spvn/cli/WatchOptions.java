package io.spvn.cli;

import io.spvn.bridge.worker.Isolation;
import io.spvn.bridge.worker.WorkerSettings.Crew;
import io.spvn.bridge.worker.WorkerSettings.Stop;
import io.spvn.server.watch.Watch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Whether the app is reloaded when its files change, and which files those are.
final class WatchOptions {
    private static final Duration STREAM_GRACE = Duration.ofMillis(100);
    private static final String INCLUDE = "--watch-include";
    private static final String EXCLUDE = "--watch-exclude";
    private static final String DIR = "--watch-dir";

    @Option(
            names = {"-w", "--watch", "--reload"},
            preprocessor = WatchOrWorkers.class,
            description = {
                "For development: reload the app when its files",
                "change. Clients wait meanwhile; where it cannot be",
                "started, they are shown its traceback.",
                "Default: off."
            })
    @Nullable Boolean watch;

    @Option(
            names = {INCLUDE, "--reload-include"},
            paramLabel = "GLOB",
            description = {
                "Files that count beside " + Watch.ALWAYS + ", as '*.html'; may be",
                "repeated. With a slash: the path below the folder."
            })
    @Nullable List<String> include;

    @Option(
            names = {EXCLUDE, "--reload-exclude"},
            paramLabel = "GLOB",
            description = {
                "Files and folders that do not; may be repeated.",
                "Hidden folders, virtual environments, __pycache__",
                "and node_modules never do."
            })
    @Nullable List<String> exclude;

    @Option(
            names = {DIR, "--reload-dir"},
            paramLabel = "FOLDER",
            description = {
                "A folder to watch, with all below; may be repeated.",
                "Default: that of --app-dir."
            })
    @Nullable List<Path> dir;

    /// The files, null when none is watched.
    ///
    /// @param appDir the folder that is watched when no other is named
    @Nullable Watch watch(Origins origins, Path appDir) {
        if (!asked()) {
            List.of(INCLUDE, EXCLUDE, DIR).forEach(option -> requireNone(option, origins));
            return null;
        }
        return new Watch(
                Resolve.or(dir, List.of(appDir)).stream().map(WatchOptions::folder).toList(),
                patterns(INCLUDE, include),
                patterns(EXCLUDE, exclude));
    }

    /// The workers that can be reloaded.
    Crew crew(Crew crew) {
        if (!asked()) {
            return crew;
        }
        if (crew.isolation() != Isolation.AUTO && crew.isolation() != Isolation.PROCESS) {
            throw new UsageError(
                    "--watch: a reload is a new process, so use --isolation auto or process, not "
                            + crew.isolation().label());
        }
        if (crew.preload()) {
            throw new UsageError(
                    "--watch and --preload: use one or the other, since each reload imports the app"
                            + " anew");
        }
        return crew.in(Isolation.PROCESS);
    }

    /// How long open streams may go on when nothing else is asked for. Who has saved a file waits
    /// for their end.
    Duration streamGrace() {
        return asked() ? STREAM_GRACE : Stop.DEFAULT.streamGrace();
    }

    private boolean asked() {
        return Boolean.TRUE.equals(watch);
    }

    private static void requireNone(String option, Origins origins) {
        if (origins.isFlag(option)) {
            throw new UsageError(option + ": says nothing without --watch");
        }
    }

    private static List<String> patterns(String option, @Nullable List<String> given) {
        List<String> patterns = Resolve.or(given, List.of());
        patterns.forEach(each -> Resolve.checked(option, () -> Watch.requirePattern(each)));
        return patterns;
    }

    private static Path folder(Path given) {
        try {
            Path folder = given.toRealPath();
            if (folder.toFile().isDirectory()) {
                return folder;
            }
        } catch (IOException e) {
            // it is not there
        }
        throw new UsageError(DIR + ": there is no directory " + given.toAbsolutePath());
    }
}
