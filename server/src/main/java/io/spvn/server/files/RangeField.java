package io.spvn.server.files;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a Range field asks for (RFC 9110 14.1, 14.2).
final class RangeField {
    /// Who asks for more ranges gets all of the file.
    static final int MOST_RANGES = 16;

    private static final Pattern BYTES = Pattern.compile("bytes\\s*=(?<set>.*)");
    private static final Pattern SPEC = Pattern.compile("(?<first>\\d*)-(?<last>\\d*)");
    private static final int MOST_DIGITS = 18;

    /// Bytes of a file, from the first to the last.
    record Range(long first, long last) {
        long length() {
            return last - first + 1;
        }

        /// The Content-Range field of it.
        String of(long size) {
            return "bytes " + first + '-' + last + '/' + size;
        }
    }

    private RangeField() {}

    /// The ranges to send of `size` bytes: those that overlap or touch are joined. Empty when the
    /// file has none of them; null when the field is to be ignored, as for an empty file, of which
    /// any range is all.
    static @Nullable List<Range> parse(String text, long size) {
        Matcher unit = BYTES.matcher(text.toLowerCase(Locale.ROOT));
        if (!unit.matches() || size == 0) {
            return null;
        }
        List<Range> ranges = new ArrayList<>();
        int specs = 0;
        for (String part : unit.group("set").split(",", -1)) {
            Matcher spec = SPEC.matcher(part.strip());
            if (part.isBlank()) {
                continue;
            }
            if (++specs > MOST_RANGES || !isRange(spec)) {
                return null;
            }
            Range range = range(spec.group("first"), spec.group("last"), size);
            if (range != null) {
                ranges.add(range);
            }
        }
        return specs == 0 ? null : joined(ranges);
    }

    private static boolean isRange(Matcher spec) {
        if (!spec.matches()) {
            return false;
        }
        String first = spec.group("first");
        String last = spec.group("last");
        if (first.isEmpty() || last.isEmpty()) {
            return !(first.isEmpty() && last.isEmpty());
        }
        return number(first) <= number(last);
    }

    /// Null when the file has no byte of it.
    private static @Nullable Range range(String first, String last, long size) {
        if (first.isEmpty()) {
            long count = Math.min(number(last), size);
            return count == 0 ? null : new Range(size - count, size - 1);
        }
        long from = number(first);
        long to = last.isEmpty() ? size - 1 : Math.min(number(last), size - 1);
        return from >= size ? null : new Range(from, to);
    }

    /// More than any file has is as good as the number itself.
    private static long number(String digits) {
        String significant = digits.replaceFirst("^0+(?=.)", "");
        return significant.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(significant);
    }

    /// In the order of the file where any were joined, else in that of the request.
    private static List<Range> joined(List<Range> ranges) {
        List<Range> joined = new ArrayList<>();
        for (Range next : ranges.stream().sorted(Comparator.comparingLong(Range::first)).toList()) {
            Range before = joined.isEmpty() ? null : joined.getLast();
            if (before == null || next.first() > before.last() + 1) {
                joined.add(next);
            } else {
                long last = Math.max(before.last(), next.last());
                joined.set(joined.size() - 1, new Range(before.first(), last));
            }
        }
        return List.copyOf(joined.size() < ranges.size() ? joined : ranges);
    }
}
