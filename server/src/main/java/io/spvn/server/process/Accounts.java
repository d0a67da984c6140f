package io.spvn.server.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Users and groups of the system, by the tools that know all sources of them.
final class Accounts {
    private Accounts() {}

    /// The number of `user`, a name or a number.
    static int uid(String user) {
        return !isName(user) ? Integer.parseInt(user) : first("user", user, "id", "-u", "--", user);
    }

    /// The number of the main group of `user`.
    static int gid(String user) {
        return first("user", user, "id", "-g", "--", user);
    }

    /// The numbers of all groups of `user`.
    static List<Integer> groups(String user) {
        String line = run("user", user, "id", "-G", "--", user);
        return Arrays.stream(line.split(" ", -1)).map(Integer::valueOf).toList();
    }

    /// The number of `group`, a name or a number.
    static int group(String group) {
        if (!isName(group)) {
            return Integer.parseInt(group);
        }
        if (group.startsWith("-")) {
            throw unknown("group", group);
        }
        String[] fields = run("group", group, "getent", "group", group).split(":", -1);
        return Integer.parseInt(fields[2]);
    }

    /// Whether `account` is a name, not a number.
    static boolean isName(String account) {
        return !account.matches("[0-9]{1,9}");
    }

    private static int first(String kind, String name, String... command) {
        return Integer.parseInt(run(kind, name, command));
    }

    private static String run(String kind, String name, String... command) {
        try {
            Process process =
                    new ProcessBuilder(List.of(command))
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            process.getOutputStream().close();
            byte[] out = process.getInputStream().readAllBytes();
            if (process.waitFor() != 0) {
                throw unknown(kind, name);
            }
            return new String(out, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw StartFailure.ofEnvironment("cannot look up --" + kind + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown(kind, name);
        }
    }

    private static StartFailure unknown(String kind, String name) {
        return StartFailure.ofOptions("--%s %s: there is no such %s".formatted(kind, name, kind));
    }
}
