package io.spvn.cli;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;

/// A list in one text, as a variable of the environment has it: with commas, or a line for each, or
/// as an array of TOML such as `["a, b", "c"]`. The last two are for items that hold commas.
final class ListText {
    private static final String KEY = "list";

    /// An address or a pattern may begin with a bracket, too.
    private static final Pattern ARRAY =
            Pattern.compile("\\s*\\[\\s*[\"'].*\\]\\s*", Pattern.DOTALL);

    private ListText() {}

    /// What it holds.
    ///
    /// @throws IllegalArgumentException that says what is wrong with it
    static List<String> items(String text) {
        if (ARRAY.matcher(text).matches()) {
            return array(text);
        }
        return text.contains("\n")
                ? text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList()
                : Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    }

    private static List<String> array(String text) {
        TomlParseResult parsed = Toml.parse(KEY + " = " + text.strip());
        TomlArray array = parsed.hasErrors() ? null : parsed.getArray(KEY);
        List<Object> items = array == null ? List.of(0) : array.toList();
        if (!items.stream().allMatch(String.class::isInstance)) {
            throw new IllegalArgumentException("is not an array of TOML such as [\"a, b\", \"c\"]");
        }
        return items.stream().map(String.class::cast).toList();
    }
}
