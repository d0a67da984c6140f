package io.spvn.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import io.spvn.server.Bind;
import io.spvn.server.status.StatusText;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Asks a server how it does, once or again and again, and shows what it says.
final class StatusRun {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Console console;

    /// What is asked for.
    ///
    /// @param address of the server
    /// @param every how often; null for once
    /// @param json whether the server's own words are shown
    record Settings(Bind address, @Nullable Duration every, boolean json) {}

    StatusRun(Console console) {
        this.console = console;
    }

    /// Shows it, once or until that is no longer wanted.
    ///
    /// @return the exit code of the process
    int run(Settings settings) throws InterruptedException {
        String first = shown(settings, ask(settings.address()));
        Duration every = settings.every();
        if (every == null) {
            console.report(first);
            return 0;
        }
        try (StatusScreen screen = StatusScreen.open(console, settings.json())) {
            screen.show(first);
            while (!screen.quit(every)) {
                screen.show(next(settings));
            }
        }
        return 0;
    }

    /// A server that is away while it is watched may come again.
    private static String next(Settings settings) {
        try {
            return shown(settings, ask(settings.address()));
        } catch (MissingPart away) {
            return settings.json() ? "" : "spvn: " + away.getMessage() + "\n";
        }
    }

    private static String ask(Bind address) {
        try {
            return AdminClient.get(address, "/status", PATIENCE);
        } catch (IOException failure) {
            throw new MissingPart(
                    "nothing answers at %s: %s; give the server's --admin-bind"
                            .formatted(address.url(), IoReason.of(failure)));
        }
    }

    private static String shown(Settings settings, String json) {
        return settings.json() ? json.strip() + "\n" : text(settings.address(), json);
    }

    private static String text(Bind address, String json) {
        try {
            Map<String, Object> tree = JSON.std.mapFrom(json);
            if (tree.containsKey("spvn_version")) {
                return StatusText.of(tree);
            }
        } catch (IOException garbled) {
            throw strange(address);
        }
        throw strange(address);
    }

    private static MissingPart strange(Bind address) {
        return new MissingPart(
                "what answers at %s is no admin address of spvn; give the server's --admin-bind"
                        .formatted(address.url()));
    }
}
