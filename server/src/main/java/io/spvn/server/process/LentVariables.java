package io.spvn.server.process;

import java.util.Map;
import java.util.stream.Collectors;

/// Environment variables that the launcher has lent Java for its start, such as a locale in which
/// it knows names of files. The app gets those of its user.
public final class LentVariables {
    private static final String PREFIX = "spvn.lent.";

    private LentVariables() {}

    /// Puts the user's values into an environment of Java's making, which knows nothing of
    /// [#giveBack].
    public static void restoreIn(Map<String, String> environment) {
        lent().forEach(
                        (name, own) -> {
                            if (own.isEmpty()) {
                                environment.remove(name);
                            } else {
                                environment.put(name, own);
                            }
                        });
    }

    /// Puts the user's values back. To be called before there is another thread that asks for them.
    public static void giveBack() {
        lent().forEach((name, own) -> Libc.setEnvironment(name, own.isEmpty() ? null : own));
    }

    /// Gives the app variables beside those of the process. To be called before Python starts.
    public static void add(Map<String, String> variables) {
        variables.forEach(Libc::setEnvironment);
    }

    /// By name, "" for none.
    private static Map<String, String> lent() {
        return System.getProperties().stringPropertyNames().stream()
                .filter(property -> property.startsWith(PREFIX))
                .collect(
                        Collectors.toMap(
                                property -> property.substring(PREFIX.length()),
                                System::getProperty));
    }
}
