package io.spvn.server.files;

import io.spvn.server.http.AcceptEncoding;
import io.spvn.server.http.ContentCoding;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Files that were opened a moment ago, to be sent again without another search. A file counts only
/// as long as it is still what it was, which a look at it by its name tells: so a change is seen at
/// once, and only what lies beside a file may be seen a moment late.
///
/// Bounded, since each holds a descriptor, which is given up after that moment by [#tick]. For any
/// thread.
final class RecentFiles {
    private static final int MOST = 128;
    private static final long MOMENT = Duration.ofSeconds(1).toNanos();

    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();

    /// What leads to a file.
    ///
    /// @param named as the request has it
    /// @param codings that the client takes
    record Key(Path named, List<ContentCoding> codings, boolean identity) {
        static Key of(Path named, AcceptEncoding accepted) {
            return new Key(named, accepted.codings(), accepted.takesIdentity());
        }
    }

    /// @param file held by this
    /// @param original what the file of that name was
    private record Entry(Found.Opened file, FileFacts original, long since) {
        boolean isOld() {
            return System.nanoTime() - since > MOMENT;
        }
    }

    /// The file; null when it has to be searched. The caller releases it.
    ///
    /// @param original what the file of that name is
    Found.@Nullable Opened get(Key key, FileFacts original) throws AccessDeniedException {
        Entry entry = entries.get(key);
        if (entry == null || entry.isOld() || !entry.original.equals(original)) {
            return null;
        }
        return entry.file.isUnchanged() ? entry.file.share() : null;
    }

    /// Keeps a file, which stays the caller's as well.
    void put(Key key, FileFacts original, Found.Opened file) {
        if (entries.size() >= MOST && !entries.containsKey(key)) {
            return;
        }
        Found.Opened own = file.share();
        if (own != null) {
            giveUp(entries.put(key, new Entry(own, original, System.nanoTime())));
        }
    }

    /// Gives up what is old.
    void tick() {
        entries.forEach(
                (key, entry) -> {
                    if (entry.isOld() && entries.remove(key, entry)) {
                        giveUp(entry);
                    }
                });
    }

    private static void giveUp(@Nullable Entry entry) {
        if (entry != null) {
            entry.file.whole().release();
        }
    }
}
