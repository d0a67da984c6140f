package io.spvn.bridge.process;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads Python's `marshal` data, version 2: the types that a child uses, and no others. Nothing in
/// it is trusted. One thread at a time.
final class MarshalReader {
    /// So many numbers, texts and bytes there are in one message at most.
    private static final int MOST_ITEMS = 8;

    private ByteBuffer data = ByteBuffer.allocate(0);

    /// Begins to read `length` bytes of an array, which is given away.
    void begin(byte[] bytes, int length) {
        data = ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// All has been read.
    void end() throws Garbled {
        if (data.hasRemaining()) {
            throw new Garbled(data.remaining() + " bytes behind a batch");
        }
    }

    /// A pair, of which the items follow.
    void pair() throws Garbled {
        expect(tag(), '(');
        if (count() != 2) {
            throw new Garbled("no pair");
        }
    }

    /// A list; its items follow.
    ///
    /// @return how many
    int list() throws Garbled {
        expect(tag(), '[');
        int count = count();
        if (count > data.remaining()) {
            throw new Garbled("a list of " + count);
        }
        return count;
    }

    /// A message: a list, of which the items follow.
    ///
    /// @return how many
    int message() throws Garbled {
        int items = list();
        if (items < 1 || items > MOST_ITEMS) {
            throw new Garbled("a message of " + items + " items");
        }
        return items;
    }

    int integer() throws Garbled {
        expect(tag(), 'i');
        return number();
    }

    boolean truth() throws Garbled {
        char tag = tag();
        if (tag != 'T' && tag != 'F') {
            throw unexpected(tag);
        }
        return tag == 'T';
    }

    /// A float, or an int in its place.
    double real() throws Garbled {
        char tag = tag();
        if (tag == 'i') {
            return number();
        }
        expect(tag, 'g');
        require(Double.BYTES);
        return data.getDouble();
    }

    byte[] bytes() throws Garbled {
        expect(tag(), 's');
        return content(count());
    }

    String text() throws Garbled {
        char tag = tag();
        if (tag != 'u' && tag != 't') {
            throw unexpected(tag);
        }
        return new String(content(count()), StandardCharsets.UTF_8);
    }

    /// A text, "" for None.
    String textOrNone() throws Garbled {
        return skipNone() ? "" : text();
    }

    /// A text as UTF-8; `bytes` are none.
    byte[] utf8() throws Garbled {
        char tag = tag();
        if (tag != 'u' && tag != 't') {
            throw unexpected(tag);
        }
        byte[] text = content(count());
        if (!isUtf8(text)) {
            throw new Garbled("a text that is not UTF-8");
        }
        return text;
    }

    /// Whether the next item is a text.
    boolean isText() throws Garbled {
        require(1);
        char tag = (char) data.get(data.position());
        return tag == 'u' || tag == 't';
    }

    /// Whether the next item is None, which is skipped then.
    boolean skipNone() throws Garbled {
        require(1);
        boolean none = data.get(data.position()) == 'N';
        if (none) {
            data.get();
        }
        return none;
    }

    private static boolean isUtf8(byte[] text) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            return true;
        } catch (CharacterCodingException invalid) {
            return false;
        }
    }

    private byte[] content(int count) throws Garbled {
        require(count);
        int from = data.position();
        data.position(from + count);
        return Arrays.copyOfRange(data.array(), from, from + count);
    }

    private char tag() throws Garbled {
        require(1);
        return (char) (data.get() & 0xFF);
    }

    private int count() throws Garbled {
        int count = number();
        if (count < 0) {
            throw new Garbled("a length of " + count);
        }
        return count;
    }

    private int number() throws Garbled {
        require(Integer.BYTES);
        return data.getInt();
    }

    private void require(int bytes) throws Garbled {
        if (data.remaining() < bytes) {
            throw new Garbled("a batch that ends too soon");
        }
    }

    private static void expect(char tag, char wanted) throws Garbled {
        if (tag != wanted) {
            throw unexpected(tag);
        }
    }

    private static Garbled unexpected(char tag) {
        return new Garbled("an item of type 0x%02x".formatted((int) tag));
    }
}
