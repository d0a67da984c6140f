package io.spvn.server.files;

import io.spvn.server.http.ContentCoding;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The tag of a file as it is sent (RFC 9110 8.8.3): strong, since size and time of the last
/// change, to the nanosecond, tell one content from another.
///
/// @param text with its quotes
record EntityTag(String text) {
    /// @param coding in which the file is, null for none
    static EntityTag of(FileFacts facts, @Nullable ContentCoding coding) {
        String variant = coding == null ? "" : "-" + coding.word();
        String time = Long.toHexString(facts.modified().to(TimeUnit.NANOSECONDS));
        return new EntityTag('"' + time + '-' + Long.toHexString(facts.size()) + variant + '"');
    }

    /// Strong comparison.
    boolean isSame(String other) {
        return other.equals(text);
    }

    /// Weak comparison.
    boolean isLike(String other) {
        return other.equals(text) || other.equals("W/" + text);
    }
}
