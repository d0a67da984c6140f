package io.spvn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// An option of another server, which is read as ones of ours or has no meaning here. They are in a
/// table, `foreign-options.txt`.
///
/// @param names the first one stands for all
/// @param value what it takes, "" for nothing; with commas: one of these, a last one being empty
/// @param becomes what is read in its place, `$` being the value
/// @param note what happens instead, "" where the meaning is the same
record ForeignOption(List<String> names, String value, List<String> becomes, String note)
        implements IParameterPreprocessor {
    private static final List<String> REFUSED = List.of("!");
    private static final String TABLE = "foreign-options.txt";
    private static final int COLUMNS = 4;

    /// Those that there are.
    static List<ForeignOption> all() {
        try (InputStream table =
                requireNonNull(ForeignOption.class.getResourceAsStream(TABLE), TABLE)) {
            return new String(table.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(ForeignOption::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ForeignOption of(String line) {
        List<String> cells = Arrays.stream(line.split("\\|", COLUMNS)).map(String::strip).toList();
        return new ForeignOption(
                List.of(cells.get(0).split(", ")),
                cells.get(1),
                cells.get(2).isEmpty() ? List.of() : List.of(cells.get(2).split(" ")),
                cells.get(3));
    }

    /// As picocli knows it.
    OptionSpec spec() {
        OptionSpec.Builder option =
                OptionSpec.builder(names.toArray(String[]::new))
                        .description(description())
                        .preprocessor(this);
        return value.isEmpty()
                ? option.type(boolean.class).arity("0").build()
                : option.type(String.class)
                        .arity("1")
                        .paramLabel(value.contains(",") ? "KIND" : value)
                        .build();
    }

    private String description() {
        String meaning =
                becomes.isEmpty() || isRefused()
                        ? ""
                        : "The same as "
                                + String.join(" ", becomes.stream().map(this::shown).toList())
                                + ". ";
        return (meaning + (note.isEmpty() ? "" : sentence())).strip();
    }

    /// A unit behind the value is told from it.
    private String shown(String word) {
        return word.matches(".*\\$\\w+")
                ? word.replace("$", "<" + label() + ">")
                : word.replace("$", label());
    }

    private String sentence() {
        return (isRefused() ? "Refused: " + note : capital(note)) + ".";
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private String label() {
        return value.contains(",") ? "KIND" : value;
    }

    private boolean isRefused() {
        return becomes.equals(REFUSED);
    }

    @Override
    @SuppressWarnings("JdkObsolete") // picocli's own signature
    public boolean preprocess(
            Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
        if (isRefused()) {
            throw new ParameterException(
                    command.commandLine(), String.join("/", names) + ": " + note);
        }
        if (value.contains(",") && !args.isEmpty()) {
            require(command, args.peek());
        }
        if (becomes.isEmpty() || (args.isEmpty() && !value.isEmpty())) {
            return false;
        }
        String given = value.isEmpty() ? "" : args.pop();
        if (!given.equals("0")) {
            becomes.reversed().forEach(word -> args.push(word.replace("$", given)));
        }
        return true;
    }

    private void require(CommandSpec command, String given) {
        List<String> known = List.of(value.split(","));
        if (!known.contains(given)) {
            throw new ParameterException(
                    command.commandLine(),
                    "%s: '%s' is not one of %s: %s"
                            .formatted(names.getFirst(), given, String.join(", ", known), note));
        }
    }
}
