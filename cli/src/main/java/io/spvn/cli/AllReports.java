package io.spvn.cli;

import org.jspecify.annotations.Nullable;

/// Writes reports: where one cannot be written, the others still are.
final class AllReports {
    private AllReports() {}

    /// Carries all of them out, in order.
    ///
    /// @throws MissingPart the first that was met, with the others suppressed
    static void write(Runnable... reports) {
        MissingPart first = null;
        for (Runnable report : reports) {
            first = earlier(first, failure(report));
        }
        if (first != null) {
            throw first;
        }
    }

    private static @Nullable MissingPart failure(Runnable report) {
        try {
            report.run();
            return null;
        } catch (MissingPart e) {
            return e;
        }
    }

    private static @Nullable MissingPart earlier(
            @Nullable MissingPart first, @Nullable MissingPart next) {
        if (first == null) {
            return next;
        }
        if (next != null) {
            first.addSuppressed(next);
        }
        return first;
    }
}
