package io.spvn.cli;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// From a value that may be missing or wrong to one that counts.
final class Resolve {
    private Resolve() {}

    static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    static Duration orSeconds(@Nullable Duration value, int otherwise) {
        return value == null ? Duration.ofSeconds(otherwise) : value;
    }

    /// @param name of the option or variable, for the message
    static int atLeast(String name, int least, @Nullable Integer value, int otherwise) {
        if (value == null) {
            return otherwise;
        }
        if (value < least) {
            throw new UsageError(name + ": must be at least " + least + ", not " + value);
        }
        return value;
    }

    /// @param name of the option, for the message
    static <T> T checked(String name, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new UsageError(name + ": " + e.getMessage());
        }
    }

    /// What a text says; null where there is none.
    ///
    /// @param name of the option, for the message
    static <T> @Nullable T read(String name, @Nullable String text, Function<String, T> syntax) {
        return text == null ? null : checked(name, () -> syntax.apply(text));
    }

    /// A value of a record whose complaint begins with the name of a field, which is also that of
    /// an option.
    static <T> T field(Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new UsageError("--" + e.getMessage());
        }
    }
}
