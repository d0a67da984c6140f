package io.spvn.server.watch;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Tells when one of a few files says something else, however it came to that: written anew,
/// another one moved to its place, or a symbolic link on the way to it pointing elsewhere, as
/// Kubernetes exchanges the files of a secret.
///
/// The folders that hold the files and the links are watched. Not every file system tells of
/// changes, so the files are also looked at from time to time. Has a platform thread of its own.
public final class FileWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FileWatch.class.getName());
    private static final WatchEvent.Kind<?>[] ALL = {
        StandardWatchEventKinds.ENTRY_CREATE,
        StandardWatchEventKinds.ENTRY_DELETE,
        StandardWatchEventKinds.ENTRY_MODIFY
    };

    /// How often the files are looked at though nothing is told of them.
    private static final Duration LOOK = Duration.ofSeconds(30);

    private static final int MOST_LINKS = 16;

    private final Supplier<List<Path>> files;
    private final Runnable changed;
    private final WatchService service;
    private final Thread thread;
    private final Lull lull = new Lull();
    private final Map<Path, WatchKey> folders = new HashMap<>();
    private Map<Path, Fingerprint> known;

    /// The files as they are now are those from which changes are told.
    ///
    /// @param files which; asked at each look. A folder stands for itself and those right below it
    /// @param changed called by the thread of this; what it throws is logged
    /// @throws IOException when the system watches nothing for us
    public FileWatch(String name, Supplier<List<Path>> files, Runnable changed) throws IOException {
        this.files = files;
        this.changed = changed;
        this.service = FileSystems.getDefault().newWatchService();
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
        this.known = fingerprints();
    }

    /// Begins to watch.
    public void start() {
        thread.start();
    }

    private Map<Path, Fingerprint> fingerprints() {
        Map<Path, Fingerprint> now = new TreeMap<>();
        files.get().forEach(file -> now.put(file, Fingerprint.of(file)));
        return now;
    }

    private void run() {
        try {
            register();
            compare(); // there may have been changes since this was made
            while (true) {
                look();
            }
        } catch (ClosedWatchServiceException | InterruptedException closed) {
            // nobody wants to know any more
        }
    }

    private void look() throws InterruptedException {
        long wait = lull.begun() ? lull.left(System.nanoTime()) : LOOK.toNanos();
        WatchKey key = service.poll(wait, TimeUnit.NANOSECONDS);
        if (key != null) {
            key.pollEvents();
            key.reset();
            lull.change(System.nanoTime());
        }
        if (!lull.begun() || lull.left(System.nanoTime()) <= 0) {
            lull.end();
            register();
            compare();
        }
    }

    private void compare() {
        Map<Path, Fingerprint> now = fingerprints();
        if (now.equals(known)) {
            return;
        }
        known = now;
        try {
            changed.run();
        } catch (RuntimeException failure) {
            LOG.log(System.Logger.Level.ERROR, "after a change of files", failure);
        }
    }

    /// Watches the folders that count now, and others no more.
    private void register() {
        Set<Path> wanted = new LinkedHashSet<>();
        files.get().forEach(file -> addFolders(file.toAbsolutePath(), wanted));
        folders.entrySet().removeIf(entry -> isUseless(entry.getKey(), entry.getValue(), wanted));
        wanted.forEach(folder -> folders.computeIfAbsent(folder, this::register));
    }

    private static boolean isUseless(Path folder, WatchKey key, Set<Path> wanted) {
        if (!wanted.contains(folder)) {
            key.cancel();
        }
        return !key.isValid();
    }

    @SuppressWarnings("NullAway") // null: there is none, which computeIfAbsent understands
    private WatchKey register(Path folder) {
        try {
            return folder.register(service, ALL);
        } catch (IOException gone) {
            return null;
        }
    }

    private static void addFolders(Path file, Set<Path> folders) {
        Path at = file;
        for (int links = 0; links < MOST_LINKS; links++) {
            Path parent = at.getParent();
            if (parent != null) {
                folders.add(real(parent));
            }
            if (!Files.isSymbolicLink(at)) {
                break;
            }
            at = target(at);
        }
        if (Files.isDirectory(file)) {
            folders.add(real(file));
            addFoldersBelow(file, folders);
        }
    }

    private static void addFoldersBelow(Path folder, Set<Path> folders) {
        try (Stream<Path> entries = Files.list(folder)) {
            entries.filter(Files::isDirectory).map(FileWatch::real).forEach(folders::add);
        } catch (IOException gone) {
            LOG.log(System.Logger.Level.DEBUG, "cannot list " + folder, gone);
        }
    }

    private static Path target(Path link) {
        try {
            return link.resolveSibling(Files.readSymbolicLink(link)).normalize();
        } catch (IOException gone) {
            return link;
        }
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException gone) {
            return folder;
        }
    }

    /// Tells of nothing any more, but for a call that has begun.
    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "end of the watch over files", e);
        }
    }
}
