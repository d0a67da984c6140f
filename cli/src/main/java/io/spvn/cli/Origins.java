package io.spvn.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where the options that were given come from. One that is not here has its default.
final class Origins {
    private static final Pattern CULPRIT = Pattern.compile("--(?<key>[a-z0-9-]+)(?=[: ])");

    private final Map<String, Given> given = new HashMap<>();

    /// One option's value.
    ///
    /// @param texts as they were written
    record Given(Origin origin, List<String> texts) {}

    void put(String key, Origin origin, List<String> texts) {
        given.put(key, new Given(origin, List.copyOf(texts)));
    }

    @Nullable Given of(String key) {
        return given.get(key);
    }

    /// Whether the command line has it: what is there is meant for this very call.
    ///
    /// @param flag with its dashes
    boolean isFlag(String flag) {
        Given known = given.get(flag.replaceFirst("^-+", ""));
        return known != null && known.origin().level() == Origin.Level.COMMAND_LINE;
    }

    /// What `reader` reads. A complaint of its about an option names the variable or the file that
    /// the value comes from.
    <T> T naming(Supplier<T> reader) {
        try {
            return reader.get();
        } catch (UsageError wrong) {
            throw new UsageError(renamed(String.valueOf(wrong.getMessage())));
        }
    }

    private String renamed(String message) {
        Matcher culprit = CULPRIT.matcher(message);
        if (!culprit.lookingAt()) {
            return message;
        }
        Given known = given.get(culprit.group("key"));
        return known == null || known.origin().level() == Origin.Level.COMMAND_LINE
                ? message
                : known.origin().name() + message.substring(culprit.end());
    }
}
