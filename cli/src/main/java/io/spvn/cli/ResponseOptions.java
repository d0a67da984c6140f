package io.spvn.cli;

import io.spvn.server.http.ResponseDefaults;
import io.spvn.server.http.ResponseDefaults.Field;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What the server adds to responses.
final class ResponseOptions {
    @Option(
            names = "--header",
            paramLabel = "NAME:VALUE",
            description = {
                "A header for each response; may be repeated. In",
                "SPVN_HEADER one with a comma needs a line of its own",
                "(see --config). Default: none."
            })
    List<Field> header = new ArrayList<>();

    @Option(
            names = "--server-header",
            negatable = true,
            description = "Say 'server: spvn' unless the app does. Default: on.")
    @Nullable Boolean server;

    @Option(
            names = "--date-header",
            negatable = true,
            description = "Say what time it is unless the app does. Default: on.")
    @Nullable Boolean date;

    /// The header fields.
    ResponseDefaults defaults() {
        return new ResponseDefaults(Resolve.or(server, true), Resolve.or(date, true), header);
    }
}
