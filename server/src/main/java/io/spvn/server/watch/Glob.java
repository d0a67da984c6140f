package io.spvn.server.watch;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/// A pattern for files and folders: with a slash for the path below the folder that is watched, or
/// for the whole path where it begins with one; else for the name alone.
final class Glob {
    private static final String ANY_FOLDER = "**/";

    private final String text;
    private final List<PathMatcher> matchers = new ArrayList<>(2);
    private final boolean ofName;
    private final boolean absolute;
    private final boolean hidden;

    /// @throws IllegalArgumentException when it is no pattern
    Glob(String text) {
        this.text = text;
        String pattern = text.strip().replaceFirst("^(\\./)+", "").replaceFirst("/+$", "");
        if (pattern.isEmpty()) {
            throw notOne();
        }
        this.ofName = pattern.indexOf('/') < 0;
        this.absolute = pattern.startsWith("/");
        this.hidden = pattern.substring(pattern.lastIndexOf('/') + 1).startsWith(".");
        add(pattern);
        if (pattern.startsWith(ANY_FOLDER)) {
            add(pattern.substring(ANY_FOLDER.length())); // none is any, too
        }
    }

    private void add(String pattern) {
        try {
            matchers.add(FileSystems.getDefault().getPathMatcher("glob:" + pattern));
        } catch (PatternSyntaxException e) {
            throw notOne();
        }
    }

    private IllegalArgumentException notOne() {
        return new IllegalArgumentException("'" + text + "' is not a pattern such as *.html");
    }

    /// As it was written.
    String text() {
        return text;
    }

    /// Whether it speaks of names that begin with a dot.
    boolean ofHidden() {
        return hidden;
    }

    /// @param root the folder that is watched
    /// @param path somewhere below it
    boolean matches(Path root, Path path) {
        Path subject = absolute ? path : ofName ? path.getFileName() : root.relativize(path);
        return subject != null && matchers.stream().anyMatch(each -> each.matches(subject));
    }
}
