package io.spvn.server.http1;

import io.spvn.bridge.asgi.HeaderSyntax;
import io.spvn.bridge.asgi.Headers;
import java.util.Arrays;

/// Where the fields of the head at hand begin and end. Marked in the order they are met: name
/// start, name end, value start, value end, and again. Kept from head to head, so that it grows
/// only once.
final class FieldBounds {
    private static final int MARKS_PER_FIELD = 4;

    private int[] marks = new int[32 * MARKS_PER_FIELD];
    private int used;

    void clear() {
        used = 0;
    }

    void mark(int position) {
        if (used == marks.length) {
            marks = Arrays.copyOf(marks, used * 2);
        }
        marks[used++] = position;
    }

    int lastMark() {
        return marks[used - 1];
    }

    /// How many fields are complete.
    int count() {
        return used / MARKS_PER_FIELD;
    }

    /// The complete fields as headers over the bytes that the positions count in; the names in
    /// there turn to lower case.
    Headers over(byte[] block) {
        Headers.Builder all = Headers.over(block, count());
        for (int i = 0; i < used; i += MARKS_PER_FIELD) {
            HeaderSyntax.lowerCase(block, marks[i], marks[i + 1]);
            all.field(marks[i], marks[i + 1], marks[i + 2], marks[i + 3]);
        }
        return all.build();
    }
}
