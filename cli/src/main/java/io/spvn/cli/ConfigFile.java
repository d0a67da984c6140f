package io.spvn.cli;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/// Options in a file of TOML: `queue-timeout = 5`, with `_` for `-` if one likes, and lists as
/// arrays.
///
/// @param name as messages call it
/// @param values by their keys with `-`, and as they would be written on the command line
record ConfigFile(String name, Map<String, Value> values) {
    static final ConfigFile NONE = new ConfigFile("", Map.of());

    private static final String PROJECT = "pyproject.toml";
    private static final String TABLE = "tool.spvn";

    /// A value as text.
    ///
    /// @param list whether it was an array
    record Value(List<String> texts, boolean list) {}

    /// The one that `--config` names, with keys at its top.
    static ConfigFile of(Path file) {
        if (file.toString().endsWith(".py")) {
            throw new UsageError(
                    "--config: %s is Python; write its settings as TOML: workers = 4"
                            .formatted(file));
        }
        try {
            return new ConfigFile(
                    file.toString(), values(file.toString(), parse(file.toString(), read(file))));
        } catch (IOException e) {
            throw new UsageError("--config: cannot read " + file + ": " + IoReason.of(e));
        }
    }

    /// The table of ours in the file that describes the app's project, if there are such.
    ///
    /// @param directory of the app; null for the current one
    static ConfigFile ofProject(@Nullable Path directory) {
        Path file = directory == null ? Path.of(PROJECT) : directory.resolve(PROJECT);
        try {
            String text = Files.isRegularFile(file) ? read(file) : "";
            if (!text.contains("spvn")) {
                return NONE; // what is in it is none of our business, nor whether it is right
            }
            TomlTable table = parse(file.toString(), text).getTable(TABLE);
            return table == null
                    ? NONE
                    : new ConfigFile(file.toString(), values(file.toString(), table));
        } catch (IOException e) {
            throw new UsageError("cannot read " + file + ": " + IoReason.of(e));
        }
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static TomlParseResult parse(String name, String text) {
        TomlParseResult result = Toml.parse(text);
        if (result.hasErrors()) {
            TomlParseError first = result.errors().getFirst();
            throw new UsageError(
                    "%s: line %d, column %d: %s"
                            .formatted(
                                    name,
                                    first.position().line(),
                                    first.position().column(),
                                    first.getMessage()));
        }
        return result;
    }

    private static Map<String, Value> values(String name, TomlTable table) {
        Map<String, Value> values = new TreeMap<>();
        for (String written : table.keySet()) {
            String key = written.replace('_', '-');
            Object value = table.get(List.of(written));
            if (values.put(key, value(name + ": " + written, value)) != null) {
                throw new UsageError(name + ": " + key + ": is there twice");
            }
        }
        return values;
    }

    private static Value value(String culprit, @Nullable Object value) {
        return value instanceof TomlArray array
                ? new Value(array.toList().stream().map(each -> text(culprit, each)).toList(), true)
                : new Value(List.of(text(culprit, value)), false);
    }

    private static String text(String culprit, @Nullable Object value) {
        return switch (value) {
            case String text -> text;
            case Long number -> number.toString();
            case Boolean truth -> truth.toString();
            case Double number when Double.isFinite(number) ->
                    BigDecimal.valueOf(number).toPlainString();
            case null, default ->
                    throw new UsageError(culprit + ": must be a text, a number, true or false");
        };
    }
}
