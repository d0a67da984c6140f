package io.spvn.cli;

import io.spvn.server.files.StaticSettings;
import io.spvn.server.files.StaticSettings.Mount;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Files that are served without the app.
final class StaticOptions {
    private static final String DEFAULT_ROUTE = "/static";

    @Option(
            names = "--static",
            paramLabel = "ROUTE=DIR",
            description = {
                "Serves the files of a directory below a route, without",
                "the app, such as /assets=./public; may be repeated.",
                "Below / what is no file goes to the app.",
                "Default: none."
            })
    List<String> mounts = new ArrayList<>();

    @Option(
            names = {"--static-index", "--static-path-dir-to-file"},
            paramLabel = "NAME",
            description = {
                "The file that is served for its directory, such as",
                "index.html.",
                "Default: none."
            })
    @Nullable String index;

    @Option(
            names = {"--static-max-age", "--static-path-expires"},
            paramLabel = "TIME",
            description = {
                "For how long clients may keep a file without asking,",
                "as in cache-control: max-age; 0 says nothing.",
                "Default: 0."
            })
    @Nullable String maxAge;

    @Option(
            names = "--static-symlinks",
            description = {"Symbolic links may lead out of the directory.", "Default: off."})
    @Nullable Boolean symlinks;

    @Option(
            names = "--static-path-mount",
            paramLabel = "DIR",
            description = {
                "Another way to write --static, with the route of",
                "--static-path-route; may be repeated."
            })
    List<String> directories = new ArrayList<>();

    @Option(
            names = "--static-path-route",
            paramLabel = "ROUTE",
            description = {
                "Of each --static-path-mount in turn.",
                "Default: " + DEFAULT_ROUTE + "."
            })
    List<String> routes = new ArrayList<>();

    /// Which files are served.
    StaticSettings settings() {
        List<Mount> all = new ArrayList<>(mounts());
        all.addAll(pairs());
        Duration age = read(maxAge);
        String name = Resolve.read("--static-index", index, StaticSettings::indexName);
        return Resolve.checked(
                "--static",
                () ->
                        new StaticSettings(
                                all,
                                name,
                                age == null || age.isZero() ? null : age,
                                symlinks != null && symlinks));
    }

    private static @Nullable Duration read(@Nullable String text) {
        return Resolve.read("--static-max-age", text, StaticOptions::age);
    }

    private static Duration age(String text) {
        return text.equals("0") ? Duration.ZERO : Syntax.duration(text);
    }

    private List<Mount> mounts() {
        return mounts.stream().map(text -> Resolve.checked("--static", () -> mount(text))).toList();
    }

    private static Mount mount(String text) {
        int at = text.indexOf('=');
        if (at < 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not of the form ROUTE=DIR, such as /assets=./public");
        }
        return mount(text.substring(0, at).strip(), text.substring(at + 1).strip());
    }

    private static Mount mount(String route, String directory) {
        try {
            Path path = Path.of(directory).toAbsolutePath().normalize();
            if (directory.isEmpty() || !Files.isDirectory(path)) {
                throw new IllegalArgumentException("'" + directory + "' is not a directory");
            }
            return new Mount(route, path);
        } catch (InvalidPathException impossible) {
            throw new IllegalArgumentException("'" + directory + "' is not a path", impossible);
        }
    }

    private List<Mount> pairs() {
        List<String> given = routes.isEmpty() ? List.of(DEFAULT_ROUTE) : routes;
        if (!directories.isEmpty() && directories.size() != given.size()) {
            throw new UsageError(
                    "--static-path-mount: as many as --static-path-route, please, not "
                            + directories.size()
                            + " and "
                            + given.size());
        }
        List<Mount> pairs = new ArrayList<>();
        for (int i = 0; i < directories.size(); i++) {
            String route = given.get(i);
            String directory = directories.get(i);
            pairs.add(Resolve.checked("--static-path-mount", () -> mount(route, directory)));
        }
        if (directories.isEmpty() && !routes.isEmpty()) {
            throw new UsageError("--static-path-route: needs a --static-path-mount");
        }
        return pairs;
    }
}
