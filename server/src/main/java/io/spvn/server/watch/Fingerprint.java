package io.spvn.server.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What a file says, so that one that was only touched or saved again is not taken for another.
///
/// @param size in bytes, -1 for a file that is not there
/// @param content a digest; of a large file the time of its last change
record Fingerprint(long size, String content) {
    static final Fingerprint MISSING = new Fingerprint(-1, "");

    /// Nobody waits while more than this is read.
    static final long LARGE = 16L * 1024 * 1024;

    static Fingerprint of(Path file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            if (!found.isRegularFile()) {
                return MISSING;
            }
            return found.size() > LARGE
                    ? new Fingerprint(found.size(), found.lastModifiedTime().toString())
                    : of(Files.readAllBytes(file));
        } catch (IOException e) {
            return MISSING; // nobody can read it, so for the app it is not there
        }
    }

    private static Fingerprint of(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return new Fingerprint(content.length, HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }
}
