package io.spvn.server.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The account with number 0 is the one that every system has.
final class AccountsTest {
    @Test
    void byName() {
        assertEquals(0, Accounts.uid("root"));
        assertEquals(0, Accounts.gid("root"));
        assertTrue(Accounts.groups("root").contains(0));
    }

    @Test
    void byNumber() {
        assertEquals(12345, Accounts.uid("12345"));
        assertEquals(12345, Accounts.group("12345"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-account", "-u", "--help", "a b", "$(id)"})
    void unknown(String name) {
        StartFailure user = assertThrows(StartFailure.class, () -> Accounts.uid(name));
        assertEquals(StartFailure.Fault.OPTIONS, user.fault());
        assertEquals("--user " + name + ": there is no such user", user.getMessage());
        StartFailure group = assertThrows(StartFailure.class, () -> Accounts.group(name));
        assertEquals("--group " + name + ": there is no such group", group.getMessage());
    }
}
