package io.spvn.bridge.process;

import java.util.List;
import java.util.Map;

/// Settings as a line of JSON.
final class JsonLine {
    private final StringBuilder text = new StringBuilder();

    private JsonLine() {}

    /// Names and values, which are texts, numbers, truths and lists of such.
    static String of(Map<String, Object> values) {
        JsonLine line = new JsonLine();
        line.object(values);
        return line.text.toString();
    }

    private void object(Map<String, Object> values) {
        String before = "{";
        for (Map.Entry<String, Object> each : values.entrySet()) {
            text.append(before);
            string(each.getKey());
            text.append(':');
            value(each.getValue());
            before = ",";
        }
        text.append(values.isEmpty() ? "{}" : "}");
    }

    private void value(Object value) {
        switch (value) {
            case String string -> string(string);
            case Number number -> text.append(number);
            case Boolean truth -> text.append(truth);
            case List<?> list -> list(list);
            default -> throw new IllegalArgumentException("no value of a setting: " + value);
        }
    }

    private void list(List<?> values) {
        String before = "[";
        for (Object each : values) {
            text.append(before);
            value(each);
            before = ",";
        }
        text.append(values.isEmpty() ? "[]" : "]");
    }

    /// In ASCII, so that half a surrogate pair, as a name of a file may hold, is told as well.
    private void string(String value) {
        text.append('"');
        value.chars().forEach(this::character);
        text.append('"');
    }

    private void character(int c) {
        if (c < ' ' || c > '~' || c == '"' || c == '\\') {
            text.append("\\u%04x".formatted(c));
        } else {
            text.append((char) c);
        }
    }
}
