package io.spvn.server.watch;

import java.nio.file.Path;
import java.util.List;

/// Which files are watched.
///
/// A pattern is a glob; with a slash it is matched against the path below the folder that is
/// watched, else against the name alone.
///
/// @param folders that are watched, with all below them
/// @param includes files that count beside those of [#ALWAYS]; a hidden one only where the pattern
///   begins with a dot, as in a shell
/// @param excludes files and folders that do not count, whatever else says so; beside the folders
///   that [SourceFilter] leaves out
public record Watch(List<Path> folders, List<String> includes, List<String> excludes) {
    /// The files that always count unless they are excluded.
    public static final String ALWAYS = "*.py";

    public Watch {
        folders = List.copyOf(folders);
        includes = List.copyOf(includes);
        excludes = List.copyOf(excludes);
        if (folders.isEmpty()) {
            throw new IllegalArgumentException("folders is empty");
        }
        includes.forEach(Watch::requirePattern);
        excludes.forEach(Watch::requirePattern);
    }

    /// The pattern, if it is one.
    ///
    /// @throws IllegalArgumentException when it is none, with a line that says so
    public static String requirePattern(String pattern) {
        return new Glob(pattern).text();
    }
}
