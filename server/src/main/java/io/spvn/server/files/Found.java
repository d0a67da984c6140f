package io.spvn.server.files;

import io.spvn.server.http.ContentCoding;
import java.nio.channels.FileChannel;
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
    /// @param channel the caller's, to be closed
    /// @param coding in which it is, null for none
    /// @param varies whether other clients may get it in another coding
    record Opened(
            String name,
            FileChannel channel,
            FileFacts facts,
            @Nullable ContentCoding coding,
            boolean varies)
            implements Found {}

    Found NOTHING = new Nothing();
    Found DIRECTORY = new Directory();
    Found UNACCEPTABLE = new Unacceptable();
}
