package io.spvn.server.files;

import io.spvn.server.http.ContentCoding;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The tag of a file as it is sent (RFC 9110 8.8.3): of its size and the time of its last change,
/// as nginx has it, so that servers with the same copy of a file agree on its tag. What replaces a
/// file has to have another time, or another size.
///
/// It is strong, but for a file that has changed a moment ago: it may change once more within what
/// the file system's clock takes for the same time.
///
/// @param text with its quotes, and what makes it weak
record EntityTag(String text) {
    private static final String WEAK = "W/";
    private static final Duration MOMENT = Duration.ofSeconds(1);

    /// @param coding in which the file is, null for none
    /// @param now when it is sent
    static EntityTag of(FileFacts facts, @Nullable ContentCoding coding, Instant now) {
        String variant = coding == null ? "" : "-" + coding.word();
        String time = Long.toHexString(facts.modified().to(TimeUnit.NANOSECONDS));
        String opaque = '"' + time + '-' + Long.toHexString(facts.size()) + variant + '"';
        boolean settled = !facts.modified().toInstant().plus(MOMENT).isAfter(now);
        return new EntityTag(settled ? opaque : WEAK + opaque);
    }

    /// Whether nothing else has, or has had, the same tag.
    boolean isStrong() {
        return !text.startsWith(WEAK);
    }

    /// Strong comparison.
    boolean isSame(String other) {
        return isStrong() && other.equals(text);
    }

    /// Weak comparison.
    boolean isLike(String other) {
        return opaque(other).equals(opaque(text));
    }

    private static String opaque(String text) {
        return text.startsWith(WEAK) ? text.substring(WEAK.length()) : text;
    }
}
