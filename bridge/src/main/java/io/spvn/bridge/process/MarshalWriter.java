package io.spvn.bridge.process;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Writes Python's `marshal` data into an array that grows: the types that a child is told things
/// in. One thread at a time.
///
/// What is read as one object stands there once and is referred to later in the same batch; the
/// reader counts the objects that are marked for it, in their order.
final class MarshalWriter {
    private static final int KEPT = 1024 * 1024;
    private static final int MARK = 0x80;

    private byte[] bytes = new byte[16 * 1024];
    private int size;
    private int marked;

    /// Begins a batch: a list of messages, whose number [#end] enters.
    void begin() {
        if (bytes.length > KEPT) {
            bytes = new byte[16 * 1024];
        }
        size = Integer.BYTES;
        marked = 0;
        tag('[');
        number(0);
    }

    /// Ends it.
    ///
    /// @param messages in it
    /// @return its size, with what stands before it
    int end(int messages) {
        put(0, size - Integer.BYTES);
        put(Integer.BYTES + 1, messages);
        return size;
    }

    /// Where the batch is, from index 0.
    byte[] array() {
        return bytes;
    }

    int size() {
        return size;
    }

    /// Begins a tuple; its items follow.
    void tuple(int items) {
        tag('(');
        number(items);
    }

    /// Begins a list; its items follow.
    void list(int items) {
        tag('[');
        number(items);
    }

    /// Begins a dict: keys and values follow, and [#endDict].
    void dict() {
        tag('{');
    }

    void endDict() {
        tag('0');
    }

    void integer(int value) {
        tag('i');
        number(value);
    }

    void real(double value) {
        tag('g');
        long bits = Double.doubleToRawLongBits(value);
        number((int) bits);
        number((int) (bits >>> Integer.SIZE));
    }

    void truth(boolean value) {
        tag(value ? 'T' : 'F');
    }

    void none() {
        tag('N');
    }

    void bytes(byte[] value, int from, int to) {
        tag('s');
        number(to - from);
        raw(value, from, to - from);
    }

    /// All parts as one `bytes`.
    void bytes(List<byte[]> parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        tag('s');
        number(length);
        for (byte[] part : parts) {
            raw(part, 0, part.length);
        }
    }

    void text(String value) {
        utf8(value.getBytes(StandardCharsets.UTF_8));
    }

    /// A text in UTF-8.
    void utf8(byte[] encoded) {
        tag('u');
        number(encoded.length);
        raw(encoded, 0, encoded.length);
    }

    /// A text of ASCII.
    void ascii(byte[] value) {
        tag('a');
        number(value.length);
        raw(value, 0, value.length);
    }

    /// A text of ASCII that can be referred to.
    ///
    /// @return what [#reference] takes
    int markedText(byte[] ascii) {
        room(2 + ascii.length);
        bytes[size++] = (byte) ('Z' | MARK);
        bytes[size++] = (byte) ascii.length;
        System.arraycopy(ascii, 0, bytes, size, ascii.length);
        size += ascii.length;
        return marked++;
    }

    /// What was marked before, in this batch.
    void reference(int mark) {
        tag('r');
        number(mark);
    }

    /// A value of a setting.
    void value(Object value) {
        switch (value) {
            case String text -> text(text);
            case Integer number -> integer(number);
            case Double number -> real(number);
            case Boolean truth -> truth(truth);
            case List<?> items -> {
                list(items.size());
                items.forEach(this::value);
            }
            case Map<?, ?> pairs -> {
                dict();
                pairs.forEach(
                        (key, item) -> {
                            value(key);
                            value(item);
                        });
                endDict();
            }
            default -> throw new IllegalArgumentException("no value: " + value.getClass());
        }
    }

    private void tag(char tag) {
        room(1);
        bytes[size++] = (byte) tag;
    }

    private void number(int value) {
        room(Integer.BYTES);
        put(size, value);
        size += Integer.BYTES;
    }

    private void put(int at, int value) {
        bytes[at] = (byte) value;
        bytes[at + 1] = (byte) (value >> 8);
        bytes[at + 2] = (byte) (value >> 16);
        bytes[at + 3] = (byte) (value >> 24);
    }

    private void raw(byte[] from, int at, int length) {
        room(length);
        System.arraycopy(from, at, bytes, size, length);
        size += length;
    }

    private void room(int needed) {
        if (bytes.length - size < needed) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + needed));
        }
    }
}
