package io.spvn.server.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What becomes of a process that stays who it is; becoming another is for the tests of the whole
/// program.
final class PrivilegesTest {
    @TempDir private Path directory;

    private static Privileges of(@Nullable String user, @Nullable String group) {
        return new Privileges(new ProcessSettings(user, group, null, null));
    }

    @ParameterizedTest
    @CsvSource({
        "no-such-user, , --user no-such-user: there is no such user",
        "no-such-user, root, --user no-such-user: there is no such user",
        ", no-such-group, --group no-such-group: there is no such group"
    })
    void lookUp_unknown(@Nullable String user, @Nullable String group, String message) {
        StartFailure failure = assertThrows(StartFailure.class, () -> of(user, group).lookUp());
        assertEquals(StartFailure.Fault.OPTIONS, failure.fault());
        assertEquals(message, failure.getMessage());
    }

    @Test
    void ownUser_mayRead_andHasNothingToDrop() throws IOException, InterruptedException {
        Path file = Files.createFile(directory.resolve("file"));
        Object owner = Files.getAttribute(file, "unix:uid");
        Privileges privileges =
                of(Integer.toString(Libc.geteuid()), Integer.toString(Libc.getegid()));
        privileges.lookUp();
        privileges.handOver(file);
        assertEquals(owner, Files.getAttribute(file, "unix:uid"));
        assertTrue(privileges.mayRead(directory.resolve("not-there")));
        privileges.drop();
        assertEquals(owner, Libc.geteuid());
    }
}
