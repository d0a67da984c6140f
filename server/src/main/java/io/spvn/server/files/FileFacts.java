package io.spvn.server.files;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/// What tells a file, and its content, from another.
///
/// @param key of the file system
record FileFacts(long size, FileTime modified, @Nullable Object key) {
    static FileFacts of(BasicFileAttributes attributes) {
        return new FileFacts(
                attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
    }
}
