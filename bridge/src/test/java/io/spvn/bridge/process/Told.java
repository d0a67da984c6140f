package io.spvn.bridge.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads what a child is told, as Python does: into texts, numbers, lists (of tuples as well), and
/// dicts; bytes become texts with a `b` before them, None is "None".
final class Told {
    private final ByteBuffer data;
    private final List<Object> marked = new ArrayList<>();

    private Told(byte[] data) {
        this.data = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// The messages of a batch.
    static List<List<?>> messages(byte[] data) {
        Told told = new Told(data);
        List<List<?>> messages = new ArrayList<>();
        for (Object message : (List<?>) told.value()) {
            messages.add((List<?>) message);
        }
        if (told.data.hasRemaining()) {
            throw new AssertionError("there is more behind the batch");
        }
        return messages;
    }

    private Object value() {
        int tag = data.get() & 0xFF;
        return switch ((char) (tag & 0x7F)) {
            case '[', '(' -> items(data.getInt());
            case '{' -> pairs();
            case 'i' -> data.getInt();
            case 'g' -> data.getDouble();
            case 'T' -> true;
            case 'F' -> false;
            case 'N' -> "None";
            case 's' -> "b" + text(data.getInt(), ISO_8859_1);
            case 'u' -> text(data.getInt(), UTF_8);
            case 'a' -> text(data.getInt(), ISO_8859_1);
            case 'Z' -> mark(tag, text(data.get() & 0xFF, ISO_8859_1));
            case 'r' -> marked.get(data.getInt());
            default -> throw new AssertionError("type " + tag);
        };
    }

    private Object mark(int tag, String text) {
        if (tag > 0x7F) {
            marked.add(text);
        }
        return text;
    }

    private List<Object> items(int count) {
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(value());
        }
        return items;
    }

    private Map<Object, Object> pairs() {
        Map<Object, Object> pairs = new LinkedHashMap<>();
        while (data.get(data.position()) != '0') {
            pairs.put(value(), value());
        }
        data.get();
        return pairs;
    }

    private String text(int length, Charset charset) {
        byte[] bytes = new byte[length];
        data.get(bytes);
        return new String(bytes, charset);
    }
}
