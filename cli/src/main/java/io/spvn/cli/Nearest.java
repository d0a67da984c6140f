package io.spvn.cli;

import java.util.Collection;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// The word that somebody who mistyped another has meant: one or a few letters are missing, too
/// many, wrong, or two have changed places.
final class Nearest {
    private static final int LETTERS_FOR_EACH_FAULT = 3;

    private Nearest() {}

    /// The nearest of `words`, null when none is near.
    static @Nullable String of(String typed, Collection<String> words) {
        int most = Math.max(1, typed.replaceFirst("^-+", "").length() / LETTERS_FOR_EACH_FAULT);
        return words.stream()
                .filter(word -> distance(typed, word) <= most)
                .min(
                        Comparator.comparingInt((String word) -> distance(typed, word))
                                .thenComparing(Comparator.naturalOrder()))
                .orElse(null);
    }

    /// Faults between two words, by the distance of Damerau and Levenshtein.
    static int distance(String one, String other) {
        int[][] faults = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                faults[i][j] = i == 0 || j == 0 ? i + j : least(faults, one, other, i, j);
            }
        }
        return faults[one.length()][other.length()];
    }

    private static int least(int[][] faults, String one, String other, int i, int j) {
        boolean same = one.charAt(i - 1) == other.charAt(j - 1);
        int least = faults[i - 1][j - 1] + (same ? 0 : 1);
        least = Math.min(least, Math.min(faults[i - 1][j], faults[i][j - 1]) + 1);
        boolean swapped =
                i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1);
        return swapped ? Math.min(least, faults[i - 2][j - 2] + 1) : least;
    }
}
