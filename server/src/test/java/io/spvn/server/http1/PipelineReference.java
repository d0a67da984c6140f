package io.spvn.server.http1;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.spvn.server.http1.ChunkedReference.End;
import io.spvn.server.http1.ChunkedReference.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Splits requests in a row in the slow and simple way, with the string methods of Java. It refuses
/// little; what the server accepts must be what it says.
final class PipelineReference {
    private static final String END_OF_HEAD = "\r\n\r\n";

    private final String text;
    private int at;

    private PipelineReference(String text) {
        this.text = text;
    }

    static List<Message> split(String text) {
        var reference = new PipelineReference(text);
        List<Message> messages = new ArrayList<>();
        for (Message next = reference.next(); next != null; next = reference.next()) {
            messages.add(next);
        }
        return messages;
    }

    private @Nullable Message next() {
        while (text.startsWith("\r\n", at)) {
            at += 2;
        }
        int end = text.indexOf(END_OF_HEAD, at);
        if (end < 0) {
            return null;
        }
        String[] lines = text.substring(at, end).split("\r\n", -1);
        String[] words = lines[0].split(" ", -1);
        at = end + END_OF_HEAD.length();
        String body = body(fields(lines));
        return words.length != 3 || body == null ? null : new Message(words[0], words[1], body, at);
    }

    private static Map<String, List<String>> fields(String[] lines) {
        return Arrays.stream(lines)
                .skip(1)
                .collect(
                        groupingBy(
                                PipelineReference::name,
                                mapping(PipelineReference::value, toList())));
    }

    private static String name(String line) {
        int colon = line.indexOf(':');
        return (colon < 0 ? line : line.substring(0, colon)).toLowerCase(Locale.ROOT);
    }

    private static String value(String line) {
        return line.substring(line.indexOf(':') + 1).replaceAll("^[ \t]+|[ \t]+\\z", "");
    }

    /// Null for one that is incomplete, or not framed in one way only.
    private @Nullable String body(Map<String, List<String>> fields) {
        List<String> lengths = fields.getOrDefault("content-length", List.of());
        List<String> codings = fields.getOrDefault("transfer-encoding", List.of());
        if (lengths.size() + codings.size() == 0) {
            return "";
        }
        if (lengths.size() + codings.size() > 1) {
            return null;
        }
        return codings.isEmpty() ? counted(lengths.get(0)) : chunked(codings.get(0));
    }

    private @Nullable String counted(String length) {
        if (!length.matches("[0-9]{1,9}") || text.length() - at < Integer.parseInt(length)) {
            return null;
        }
        int from = at;
        at += Integer.parseInt(length);
        return text.substring(from, at);
    }

    private @Nullable String chunked(String coding) {
        Outcome body = ChunkedReference.read(text.substring(at));
        at += body.length();
        return coding.equalsIgnoreCase("chunked") && body.end() == End.DONE ? body.data() : null;
    }
}
