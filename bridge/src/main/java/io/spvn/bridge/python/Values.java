package io.spvn.bridge.python;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Java values as Python objects and back: str, bytes, int, float, bool, list and dict of them.
///
/// For start-up and other rare paths; the per-request path has its own codec. Runs with the GIL
/// held. Objects returned are new references.
public final class Values {
    private Values() {}

    /// `reference`, which a C API call has returned.
    ///
    /// @throws PythonException when it is 0, so that the pending exception goes on to the caller
    public static long require(long reference) {
        if (reference == 0) {
            throw PythonException.pending();
        }
        return reference;
    }

    /// Looks at the result of a C API call that says -1 for a failure.
    ///
    /// @throws PythonException when it failed, so that the pending exception goes on to the caller
    public static void check(int result) {
        if (result < 0) {
            throw PythonException.pending();
        }
    }

    /// Gives `tuple` its `index`th item, whose reference it takes over.
    ///
    /// @throws PythonException when `item` is 0, so that the pending exception goes on
    public static void fill(long tuple, int index, long item) {
        check(CPython.tupleSetStealing(tuple, index, require(item)));
    }

    /// New reference to a module, which is imported if it was not; the name is kept for ever.
    public static long module(String name) {
        return require(CPython.importModule(CPython.constant(name)));
    }

    /// New reference to an attribute; the name is kept for ever.
    public static long attribute(long object, String name) {
        return require(CPython.getAttr(object, CPython.constant(name)));
    }

    /// Calls a function of one argument, which it borrows.
    public static long call(long callable, long argument) {
        long arguments = require(CPython.tupleNew(1));
        CPython.incRef(argument);
        CPython.tupleSetStealing(arguments, 0, argument);
        long result = CPython.callTuple(callable, arguments);
        CPython.decRef(arguments);
        return require(result);
    }

    public static long str(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(utf8.length + 1L);
            MemorySegment.copy(utf8, 0, copy, ValueLayout.JAVA_BYTE, 0, utf8.length);
            return require(CPython.unicodeDecode(copy.address(), utf8.length, 0));
        }
    }

    public static long bytes(byte[] value, int from, int count) {
        long object = require(CPython.bytesNew(0, count));
        CPython.write(value, from, CPython.bytesAddress(object), count);
        return object;
    }

    public static long of(Object value) {
        return switch (value) {
            case String text -> str(text);
            case byte[] bytes -> bytes(bytes, 0, bytes.length);
            case Boolean truth -> bool(truth);
            case Integer number -> require(CPython.longFromLong(number));
            case Long number -> require(CPython.longFromLong(number));
            case Double number -> require(CPython.floatFromDouble(number));
            case List<?> items -> list(items);
            case Map<?, ?> entries -> dict(entries);
            default -> throw new IllegalArgumentException("no Python value for " + value);
        };
    }

    /// The characters of a `str`.
    ///
    /// @throws PythonException when there are surrogates among them
    public static String string(long object) {
        try (Arena arena = Arena.ofConfined()) {
            Utf8Encoder encoder = new Utf8Encoder(arena);
            long address = encoder.address(object);
            byte[] utf8 = new byte[Math.toIntExact(encoder.length())];
            CPython.read(address, utf8, 0, utf8.length);
            return new String(utf8, StandardCharsets.UTF_8);
        }
    }

    /// Entry `key` of a dict of strings, "" when absent.
    public static String string(long dict, String key) {
        long value = CPython.dictGetStringBorrowed(dict, CPython.constant(key));
        return value == 0 ? "" : string(value);
    }

    public static long bool(boolean truth) {
        long object = truth ? CPython.TRUE : CPython.FALSE;
        CPython.incRef(object);
        return object;
    }

    public static long none() {
        CPython.incRef(CPython.NONE);
        return CPython.NONE;
    }

    private static long list(List<?> items) {
        long list = require(CPython.listNew(items.size()));
        try {
            for (int i = 0; i < items.size(); i++) {
                check(CPython.listSetStealing(list, i, of(items.get(i))));
            }
            return list;
        } catch (RuntimeException | Error failure) {
            CPython.decRef(list);
            throw failure;
        }
    }

    private static long dict(Map<?, ?> entries) {
        long dict = require(CPython.dictNew());
        try {
            entries.forEach((key, value) -> put(dict, of(key), value));
            return dict;
        } catch (RuntimeException | Error failure) {
            CPython.decRef(dict);
            throw failure;
        }
    }

    private static void put(long dict, long key, Object value) {
        try {
            put(dict, key, of(value));
        } finally {
            CPython.decRef(key);
        }
    }

    /// Enters `value`, whose reference it takes over, in a dict.
    ///
    /// @throws PythonException when `value` is 0 or there is no memory for the entry
    public static void put(long dict, long key, long value) {
        int result = CPython.dictSet(dict, key, require(value));
        CPython.decRef(value);
        check(result);
    }
}
