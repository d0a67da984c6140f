package io.spvn.server.process;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What language the process speaks. To be settled as the first thing in the process.
public final class LocaleSettings {
    private static final String LENT = "spvn.locale.lent";
    private static final String VARIABLE = "LC_ALL";

    private LocaleSettings() {}

    /// Numbers and dates that Java writes are for machines, so they are written in no language,
    /// whatever that of the user is; this goes for the libraries as well. The app gets the user's
    /// locale: the launcher may have lent Java another one, so that it knows names of files.
    public static void settle() {
        Locale.setDefault(Locale.ROOT);
        @Nullable String own = System.getProperty(LENT);
        if (own != null) {
            Libc.setEnvironment(VARIABLE, own.isEmpty() ? null : own);
        }
    }
}
