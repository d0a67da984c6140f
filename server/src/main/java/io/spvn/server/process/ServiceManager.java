package io.spvn.server.process;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the manager that has started the process, systemd or one that speaks its protocol, has told
/// it in environment variables (sd_listen_fds(3), sd_notify(3), sd_watchdog_enabled(3)).
///
/// @param sockets that listen already; their descriptors are [#FIRST_SOCKET] and those after it
/// @param notices where it wants to be told of the server's life, null for nowhere
/// @param watchdog how often it wants to hear that the server is well, null for never
public record ServiceManager(int sockets, @Nullable String notices, @Nullable Duration watchdog) {
    /// The descriptor of the first socket.
    public static final int FIRST_SOCKET = 3;

    public static final ServiceManager NONE = new ServiceManager(0, null, null);

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,20}");

    /// A time that cannot be told in nanoseconds, of some 292 years, is that of a manager that does
    /// not wait: what it writes for "infinity" is the largest number of 64 bits.
    private static final long LONGEST_MICROS = Long.MAX_VALUE / 1000;

    private static final String PID = "LISTEN_PID";
    private static final String SOCKETS = "LISTEN_FDS";
    private static final String NOTICES = "NOTIFY_SOCKET";
    private static final String WATCHDOG = "WATCHDOG_USEC";
    private static final String WATCHDOG_PID = "WATCHDOG_PID";

    /// For the server alone, not for its app and the programs that this starts.
    private static final List<String> VARIABLES =
            List.of(PID, SOCKETS, "LISTEN_FDNAMES", NOTICES, WATCHDOG, WATCHDOG_PID);

    /// As the variables say; what is meant for another process says nothing.
    ///
    /// @param variable its value, null or empty for none
    /// @param pid of this process
    /// @throws IllegalArgumentException when one of them has no meaning
    public static ServiceManager of(Function<String, @Nullable String> variable, long pid) {
        boolean socketsAreOurs = number(variable, PID, 0) == pid;
        long sockets = socketsAreOurs ? number(variable, SOCKETS, 0) : 0;
        long micros =
                number(variable, WATCHDOG_PID, pid) == pid ? number(variable, WATCHDOG, 0) : 0;
        String notices = variable.apply(NOTICES);
        return new ServiceManager(
                (int) Math.min(sockets, Integer.MAX_VALUE),
                notices == null || notices.isEmpty() ? null : notices,
                micros == 0 || micros > LONGEST_MICROS ? null : Duration.ofNanos(1000 * micros));
    }

    private static long number(
            Function<String, @Nullable String> variable, String name, long otherwise) {
        String text = variable.apply(name);
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        if (!NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException(name + ": '" + text + "' is not a number");
        }
        return new BigInteger(text).min(BigInteger.valueOf(Long.MAX_VALUE)).longValue();
    }

    /// Takes the variables out of an environment of Java's making.
    public static void removeFrom(Map<String, String> environment) {
        VARIABLES.forEach(environment::remove);
    }

    /// Takes the variables out of the process's own environment; Java itself goes on to see them.
    /// To be called before there is another thread that asks for them.
    public static void removeVariables() {
        VARIABLES.stream()
                .filter(name -> System.getenv(name) != null)
                .forEach(name -> Libc.setEnvironment(name, null));
    }
}
