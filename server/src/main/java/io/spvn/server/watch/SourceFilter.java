package io.spvn.server.watch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Which files are sources of the app, and which folders hold none: those that are hidden, that
/// other programs fill, and virtual environments. Folders that are watched in their own right are
/// never left out. For any thread.
final class SourceFilter {
    private static final Set<String> FOREIGN =
            Set.of("__pycache__", "node_modules", "site-packages");
    private static final String MARK_OF_ENVIRONMENT = "pyvenv.cfg";

    private final List<Path> roots;
    private final List<Glob> includes;
    private final List<Glob> excludes;

    SourceFilter(Watch watch) {
        this.roots = watch.folders();
        this.includes =
                Stream.concat(Stream.of(Watch.ALWAYS), watch.includes().stream())
                        .map(Glob::new)
                        .toList();
        this.excludes = watch.excludes().stream().map(Glob::new).toList();
    }

    /// Whether a path is one of the watched folders or below one.
    boolean covers(Path path) {
        return roots.stream().anyMatch(path::startsWith);
    }

    /// Whether nothing in a folder counts. The folders that it is in are not looked at.
    boolean leavesOut(Path folder) {
        Path root = root(folder);
        return !folder.equals(root)
                && (isHidden(folder)
                        || FOREIGN.contains(name(folder))
                        || excludes.stream().anyMatch(glob -> glob.matches(root, folder))
                        || Files.exists(folder.resolve(MARK_OF_ENVIRONMENT)));
    }

    /// Whether a file counts. The folders that it is in are not looked at.
    boolean isSource(Path file) {
        Path root = root(file);
        boolean hidden = isHidden(file);
        return includes.stream()
                        .filter(glob -> glob.ofHidden() || !hidden)
                        .anyMatch(glob -> glob.matches(root, file))
                && excludes.stream().noneMatch(glob -> glob.matches(root, file));
    }

    /// How a path is named in messages: from the folder that is watched on.
    String shown(Path path) {
        return root(path).relativize(path).toString();
    }

    /// The innermost watched folder that a path is in.
    private Path root(Path path) {
        Path innermost = null;
        for (Path root : roots) {
            boolean closer = innermost == null || root.getNameCount() > innermost.getNameCount();
            if (path.startsWith(root) && closer) {
                innermost = root;
            }
        }
        if (innermost == null) {
            throw new IllegalArgumentException(path + " is not watched");
        }
        return innermost;
    }

    private static boolean isHidden(Path path) {
        return name(path).startsWith(".");
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
