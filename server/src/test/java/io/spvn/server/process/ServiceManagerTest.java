package io.spvn.server.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceManagerTest {
    private static final long PID = 42;

    private static ServiceManager of(Map<String, String> variables) {
        return ServiceManager.of(variables::get, PID);
    }

    @Test
    void nobodyHasStartedIt() {
        assertEquals(ServiceManager.NONE, of(Map.of()));
        assertEquals(ServiceManager.NONE, of(Map.of("LISTEN_FDS", "", "NOTIFY_SOCKET", "")));
    }

    @Test
    void whatIsForThisProcess_counts() {
        assertEquals(
                new ServiceManager(2, "@n", Duration.ofMillis(1500)),
                of(
                        Map.of(
                                "LISTEN_PID", "42",
                                "LISTEN_FDS", "2",
                                "NOTIFY_SOCKET", "@n",
                                "WATCHDOG_USEC", "1500000")));
    }

    @Test
    void whatIsForAnother_doesNot() {
        assertEquals(
                ServiceManager.NONE,
                of(
                        Map.of(
                                "LISTEN_PID", "41",
                                "LISTEN_FDS", "2",
                                "WATCHDOG_PID", "41",
                                "WATCHDOG_USEC", "1500000")));
        assertEquals(ServiceManager.NONE, of(Map.of("LISTEN_FDS", "2")));
    }

    @Test
    void whatIsNoNumber_isNamed() {
        Exception refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> of(Map.of("LISTEN_PID", "42", "LISTEN_FDS", "two")));
        assertEquals("LISTEN_FDS: 'two' is not a number", refused.getMessage());
    }

    /// The last one is systemd's infinity.
    @ParameterizedTest
    @ValueSource(strings = {"9223372036854776", "999999999999999999", "18446744073709551615"})
    void timeThatNobodyLivesToSee_isNone(String micros) {
        assertNull(of(Map.of("WATCHDOG_USEC", micros)).watchdog());
    }

    @Test
    void longestTime_counts() {
        ServiceManager manager = of(Map.of("WATCHDOG_USEC", "9223372036854775"));
        assertEquals(Duration.ofNanos(9_223_372_036_854_775_000L), manager.watchdog());
    }

    @Test
    void moreThanANumberOfTheSystem_isNamed() {
        String many = "1".repeat(21);
        Exception refused =
                assertThrows(
                        IllegalArgumentException.class, () -> of(Map.of("WATCHDOG_USEC", many)));
        assertEquals("WATCHDOG_USEC: '" + many + "' is not a number", refused.getMessage());
    }

    @Test
    void othersGetNoneOfIt() {
        Map<String, String> environment =
                new HashMap<>(
                        Map.of(
                                "LISTEN_PID", "42",
                                "LISTEN_FDNAMES", "a",
                                "WATCHDOG_PID", "42",
                                "PATH", "/bin"));
        ServiceManager.removeFrom(environment);
        assertEquals(Map.of("PATH", "/bin"), environment);
    }
}
