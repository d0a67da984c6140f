package io.spvn.loadtest.report;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// Machines elsewhere: other digits, other separators.
final class Locales {
    private static final List<Locale> ELSEWHERE =
            List.of(
                    Locale.GERMANY,
                    Locale.FRANCE,
                    Locale.forLanguageTag("ar-EG-u-nu-arab"),
                    Locale.forLanguageTag("hi-IN-u-nu-deva"),
                    Locale.forLanguageTag("tr"));

    private Locales() {}

    /// What is said in each of them.
    static List<String> everywhere(Supplier<String> saying) {
        Locale before = Locale.getDefault();
        try {
            return ELSEWHERE.stream()
                    .map(
                            locale -> {
                                Locale.setDefault(locale);
                                return saying.get();
                            })
                    .toList();
        } finally {
            Locale.setDefault(before);
        }
    }
}
