package io.spvn.server.process;

/// Environment variables that the launcher has lent Java for its start, such as a locale in which
/// it knows names of files. The app gets those of its user.
public final class LentVariables {
    private static final String PREFIX = "spvn.lent.";

    private LentVariables() {}

    /// Puts the user's values back. To be called before there is another thread that asks for them.
    public static void giveBack() {
        for (String property : System.getProperties().stringPropertyNames()) {
            if (property.startsWith(PREFIX)) {
                String own = System.getProperty(property);
                Libc.setEnvironment(
                        property.substring(PREFIX.length()), own.isEmpty() ? null : own);
            }
        }
    }
}
