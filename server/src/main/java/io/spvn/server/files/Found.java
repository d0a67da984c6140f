package io.spvn.server.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.spvn.bridge.asgi.FileRange;
import io.spvn.server.http.ContentCoding;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a path leads to.
sealed interface Found {
    /// Nothing that is served.
    record Nothing() implements Found {}

    /// A directory with an index, of which the path lacks the slash.
    record Directory() implements Found {}

    /// A file, though not in a coding that the client takes.
    record Unacceptable() implements Found {}

    /// A file, opened.
    ///
    /// @param name of the original, which tells the type
    /// @param whole all of it, to be released by the caller
    /// @param served where it lies
    /// @param coding in which it is, null for none
    /// @param varies whether other clients may get it in another coding
    record Opened(
            String name,
            FileRange whole,
            Path served,
            FileFacts facts,
            @Nullable ContentCoding coding,
            boolean varies)
            implements Found {
        /// The same, to be released by itself; null when it is closed.
        @Nullable Opened share() {
            FileRange shared = whole.share();
            return shared == null ? null : new Opened(name, shared, served, facts, coding, varies);
        }

        /// Whether it is still what lies there; of one that lies there by another name than it was
        /// asked for.
        boolean isUnchanged() throws AccessDeniedException {
            return coding == null || facts.equals(FileFacts.look(served, NOFOLLOW_LINKS));
        }
    }

    Found NOTHING = new Nothing();
    Found DIRECTORY = new Directory();
    Found UNACCEPTABLE = new Unacceptable();
}
