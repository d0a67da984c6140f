package io.spvn.server.files;

import io.spvn.server.http.HttpDate;
import java.time.Instant;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The conditions that a request for a file makes, in the order in which they count (RFC 9110
/// 13.2.2).
///
/// @param tag of what would be sent
/// @param modified when that was last changed, in whole seconds
record Preconditions(RequestFields request, EntityTag tag, Instant modified) {
    private static final Pattern MEMBER = Pattern.compile("[\\s,]*((W/)?\"[^\"]*\")\\s*(,|$)");

    enum Outcome {
        /// The request is answered as if it had no conditions.
        PROCEED,
        NOT_MODIFIED,
        FAILED
    }

    /// What comes of all but If-Range.
    Outcome outcome() {
        String match = request.value("if-match");
        String noneMatch = request.value("if-none-match");
        if (match != null ? !matches(match, tag::isSame) : changedSince("if-unmodified-since")) {
            return Outcome.FAILED;
        }
        boolean known =
                noneMatch != null ? matches(noneMatch, tag::isLike) : isOld("if-modified-since");
        return known ? Outcome.NOT_MODIFIED : Outcome.PROCEED;
    }

    private boolean changedSince(String name) {
        Instant then = date(name);
        return then != null && modified.isAfter(then);
    }

    private boolean isOld(String name) {
        Instant then = date(name);
        return then != null && !modified.isAfter(then);
    }

    private @Nullable Instant date(String name) {
        String value = request.value(name);
        return value == null ? null : HttpDate.parse(value);
    }

    private static boolean matches(String list, Predicate<String> same) {
        if (list.strip().equals("*")) {
            return true;
        }
        Matcher members = MEMBER.matcher(list);
        while (members.lookingAt()) {
            if (same.test(members.group(1))) {
                return true;
            }
            if (members.end() == list.length()) {
                return false;
            }
            members.region(members.end(), list.length());
        }
        return false;
    }

    /// Whether a Range field counts: the client has a part of the very same (RFC 9110 13.1.5). A
    /// date tells that where a tag does (RFC 9110 8.8.2.2).
    boolean allowRange() {
        String condition = request.value("if-range");
        if (condition == null) {
            return true;
        }
        if (condition.endsWith("\"")) {
            return tag.isSame(condition);
        }
        return tag.isStrong() && modified.equals(HttpDate.parse(condition));
    }
}
