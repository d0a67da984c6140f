package io.spvn.loadtest.compare;

import io.spvn.loadtest.compare.Group.Workers;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A server.
///
/// @param distribution whose pin is the version; empty for the server that is not pinned
/// @param command with the settings its documentation recommends
/// @param single why it has only one worker, or null
record Peer(
        String name,
        String distribution,
        Function<Launch, List<String>> command,
        @Nullable String single) {
    /// What is known beforehand to keep it from running a group, or null.
    @Nullable String obstacle(Group group) {
        return group.workers() == Workers.ALL ? single : null;
    }

    /// Its command line for people.
    String shown(int workers) {
        return String.join(" ", command.apply(Launch.shown(workers)));
    }
}
