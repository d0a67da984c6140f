package io.spvn.server.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Types of content by the ends of file names. The table is a resource: a type and its ends in each
/// line. Text is taken for UTF-8.
final class FileTypes {
    private static final String UNKNOWN = "application/octet-stream";

    private final Map<String, String> types = new HashMap<>();

    FileTypes() {
        try (InputStream table = FileTypes.class.getResourceAsStream("types.txt")) {
            if (table == null) {
                throw new IllegalStateException("types.txt is missing");
            }
            new String(table.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(this::add);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void add(String line) {
        String[] words = line.strip().split("\\s+", -1);
        String type = words[0].startsWith("text/") ? words[0] + "; charset=utf-8" : words[0];
        for (int i = 1; i < words.length; i++) {
            types.put(words[i], type);
        }
    }

    /// The Content-Type field of a file.
    String of(String name) {
        int dot = name.lastIndexOf('.');
        if (dot < 0) {
            return UNKNOWN;
        }
        String end = name.substring(dot + 1).toLowerCase(Locale.ROOT);
        return types.getOrDefault(end, UNKNOWN);
    }
}
