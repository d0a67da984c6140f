package io.spvn.server.files;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Which files are served, and how.
///
/// @param mounts none for no files at all
/// @param index the name of the file that stands for its directory, null for none
/// @param maxAge for how long clients may keep a file without asking, null for nothing said
/// @param symlinks whether symbolic links may lead out of a directory
public record StaticSettings(
        List<Mount> mounts, @Nullable String index, @Nullable Duration maxAge, boolean symlinks) {
    public static final StaticSettings NONE = new StaticSettings(List.of(), null, null, false);

    public StaticSettings {
        mounts = List.copyOf(mounts);
        if (index != null) {
            indexName(index);
        }
        if (mounts.stream().map(Mount::path).distinct().count() < mounts.size()) {
            throw new IllegalArgumentException("a route has more than one directory");
        }
    }

    /// The name of a file that may stand for its directory.
    ///
    /// @throws IllegalArgumentException where it is none
    public static String indexName(String text) {
        if (UrlPath.segment(text) == null) {
            throw new IllegalArgumentException("'" + text + "' is not the name of a file");
        }
        return text;
    }

    /// A directory whose files are below a route.
    ///
    /// @param route begins with a slash, which may be all of it
    public record Mount(String route, Path directory) {
        public Mount {
            Objects.requireNonNull(directory, "directory is null");
            if (!route.startsWith("/")) {
                throw new IllegalArgumentException("'" + route + "' does not begin with a slash");
            }
            if (UrlPath.of(route).isIllegal()) {
                throw new IllegalArgumentException("'" + route + "' is no route");
            }
        }

        /// The path that a request has to begin with.
        List<String> path() {
            return UrlPath.of(route).segments();
        }
    }
}
