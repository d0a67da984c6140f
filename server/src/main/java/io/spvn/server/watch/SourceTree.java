package io.spvn.server.watch;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The folders that are watched, and what the files in them said when somebody last asked.
///
/// The system tells of changes in a folder, not below it, and goes on to do so when the folder gets
/// another name. So each folder is registered by itself, one that comes is looked through once it
/// is registered (what came before is not told), and one that leaves is forgotten with all below
/// it. The folders above the watched ones are registered as well: a checkout may take a watched
/// folder away and bring another of its name.
///
/// Symbolic links to folders are not followed. For one thread at a time.
final class SourceTree {
    private static final WatchEvent.Kind<?>[] ALL = {
        StandardWatchEventKinds.ENTRY_CREATE,
        StandardWatchEventKinds.ENTRY_DELETE,
        StandardWatchEventKinds.ENTRY_MODIFY
    };

    private final WatchService service;
    private final SourceFilter filter;
    private final int maxFolders;
    private final Map<WatchKey, Path> folders = new HashMap<>();
    private final NavigableMap<Path, Fingerprint> known = new TreeMap<>();
    private final Set<Path> touched = new TreeSet<>();
    private final Set<Path> fresh = new TreeSet<>();
    private @Nullable Path unwatched;

    /// @param maxFolders so many are registered at most
    SourceTree(WatchService service, SourceFilter filter, int maxFolders) {
        this.service = service;
        this.filter = filter;
        this.maxFolders = maxFolders;
    }

    /// Registers the folders, and takes the files in them as they are.
    void open(List<Path> roots) {
        for (Path root : roots) {
            Path above = root.getParent();
            if (above != null && !filter.covers(above)) {
                register(above);
            }
        }
        roots.forEach(this::lookThrough);
        touched.addAll(fresh);
        accept();
    }

    /// Folders that are watched.
    int folders() {
        return (int) folders.values().stream().filter(filter::covers).count();
    }

    /// Files that are watched.
    int files() {
        return known.size();
    }

    /// The first folder for which the system, or we, had no room; null for none.
    @Nullable Path unwatched() {
        return unwatched;
    }

    /// Takes what is told of one folder.
    ///
    /// @return files that it may have changed
    Set<Path> take(WatchKey key) {
        fresh.clear();
        Path folder = folders.get(key);
        for (WatchEvent<?> event : key.pollEvents()) {
            if (event.kind().equals(StandardWatchEventKinds.OVERFLOW)) {
                lookThroughAll();
            } else if (folder != null && event.context() instanceof Path name) {
                take(folder.resolve(name));
            }
        }
        if (!key.reset()) {
            folders.remove(key); // the folder is not there any more
        }
        touched.addAll(fresh);
        return fresh;
    }

    private void take(Path path) {
        if (!filter.covers(path)) {
            return; // a neighbour of a watched folder
        }
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            lookThrough(path);
        } else if (Files.exists(path)) {
            touch(path);
        } else {
            forget(path);
        }
    }

    /// More has happened than the system could tell.
    private void lookThroughAll() {
        fresh.addAll(known.keySet());
        List.copyOf(folders.values()).stream().filter(filter::covers).forEach(this::lookThrough);
    }

    private void touch(Path file) {
        if (filter.isSource(file)) {
            fresh.add(file);
        }
    }

    /// A file or a folder has gone, or has another name, under which it is told of as well.
    private void forget(Path path) {
        folders.entrySet().removeIf(entry -> isGone(entry.getKey(), entry.getValue(), path));
        known.keySet().stream().filter(file -> file.startsWith(path)).forEach(fresh::add);
    }

    private static boolean isGone(WatchKey key, Path folder, Path gone) {
        boolean is = folder.startsWith(gone);
        if (is) {
            key.cancel();
        }
        return is;
    }

    private void lookThrough(Path folder) {
        try {
            Files.walkFileTree(folder, new Look());
        } catch (IOException e) {
            throw new IllegalStateException("the visitor lets none through", e);
        }
    }

    /// @return whether it is watched
    private boolean register(Path folder) {
        try {
            if (folders.size() < maxFolders) {
                folders.put(folder.register(service, ALL), folder);
                return true;
            }
        } catch (IOException e) {
            if (!Files.isDirectory(folder)) {
                return false; // it has gone meanwhile
            }
        }
        unwatched = unwatched == null ? folder : unwatched;
        return false;
    }

    /// Whether a file has become another one since somebody asked.
    boolean differs(Path file) {
        return !Fingerprint.of(file).equals(known.getOrDefault(file, Fingerprint.MISSING));
    }

    /// The files that have become others since this was last asked, in order.
    List<String> accept() {
        List<String> changed = touched.stream().filter(this::accept).map(filter::shown).toList();
        touched.clear();
        return changed;
    }

    private boolean accept(Path file) {
        Fingerprint now = Fingerprint.of(file);
        Fingerprint before =
                now.equals(Fingerprint.MISSING) ? known.remove(file) : known.put(file, now);
        return !now.equals(before == null ? Fingerprint.MISSING : before);
    }

    /// Registers each folder before it lists it: what comes in between is told or seen.
    private final class Look extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return !filter.leavesOut(folder) && register(folder)
                    ? FileVisitResult.CONTINUE
                    : FileVisitResult.SKIP_SUBTREE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            touch(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE; // gone, or not ours to read
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) {
            return FileVisitResult.CONTINUE;
        }
    }
}
