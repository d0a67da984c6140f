package io.spvn.bridge.python;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.spvn.bridge.foreign.Words;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The CPython C API as far as spvn uses it: each C function is a symbol and one typed static
/// method beside it, pointers are `long`.
///
/// Runs only on a thread that holds the GIL of its interpreter. References follow the C API: a
/// method returns a new reference that the caller gives back with [#decRef], unless its name says
/// `Borrowed`, and borrows its arguments unless its name says `Stealing`. Only functions that
/// neither block nor run Python code are called as a leaf ([Words#leaf]).
///
/// The class is loaded after [PythonRuntime#start], which makes the symbols visible. It is longer
/// than other classes because every foreign call of the project stands here and nowhere else.
public final class CPython {
    private static final MethodHandle CALL_0 = Words.call(0);
    private static final MethodHandle CALL_1 = Words.call(1);
    private static final MethodHandle CALL_2 = Words.call(2);
    private static final MethodHandle CALL_3 = Words.call(3);
    private static final MethodHandle CALL_4 = Words.call(4);
    private static final MethodHandle LEAF_0 = Words.leaf(0);
    private static final MethodHandle LEAF_1 = Words.leaf(1);
    private static final MethodHandle LEAF_2 = Words.leaf(2);
    private static final MethodHandle LEAF_3 = Words.leaf(3);
    private static final SymbolLookup SYMBOLS = SymbolLookup.loaderLookup();

    /// All memory: for reads and writes at addresses that Python gave us.
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    /// Offset of `ob_type` in every object of a build with a GIL (part of the stable ABI).
    private static final long TYPE_OFFSET = 8;

    public static final long NONE = symbol("_Py_NoneStruct");
    public static final long TRUE = symbol("_Py_TrueStruct");
    public static final long FALSE = symbol("_Py_FalseStruct");
    public static final long BOOL_TYPE = symbol("PyBool_Type");
    public static final long BYTES_TYPE = symbol("PyBytes_Type");
    public static final long DICT_TYPE = symbol("PyDict_Type");
    public static final long LONG_TYPE = symbol("PyLong_Type");
    public static final long TUPLE_TYPE = symbol("PyTuple_Type");
    public static final long UNICODE_TYPE = symbol("PyUnicode_Type");
    public static final long RUNTIME_ERROR = pointerAt(symbol("PyExc_RuntimeError"));
    public static final long TYPE_ERROR = pointerAt(symbol("PyExc_TypeError"));
    public static final long VALUE_ERROR = pointerAt(symbol("PyExc_ValueError"));
    public static final long OS_ERROR = pointerAt(symbol("PyExc_OSError"));
    public static final long SYSTEM_ERROR = pointerAt(symbol("PyExc_SystemError"));

    private CPython() {}

    private static final MemorySegment PY_INC_REF = function("Py_IncRef");

    /// Takes one more reference to `object`.
    public static void incRef(long object) {
        try {
            long _ = (long) LEAF_1.invokeExact(PY_INC_REF, object);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_DEC_REF = function("Py_DecRef");

    /// Gives a reference back; may run a destructor, hence any Python code.
    public static void decRef(long object) {
        try {
            long _ = (long) CALL_1.invokeExact(PY_DEC_REF, object);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_ERR_OCCURRED = function("PyErr_Occurred");

    /// Borrowed type of the pending exception, 0 when there is none.
    public static long errOccurred() {
        try {
            return (long) LEAF_0.invokeExact(PY_ERR_OCCURRED);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_ERR_CLEAR = function("PyErr_Clear");

    public static void errClear() {
        try {
            long _ = (long) CALL_0.invokeExact(PY_ERR_CLEAR);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_ERR_SET_STRING = function("PyErr_SetString");

    /// Raises `type(message)`; the message is a NUL-terminated UTF-8 string.
    public static void errSetString(long type, long utf8) {
        try {
            long _ = (long) CALL_2.invokeExact(PY_ERR_SET_STRING, type, utf8);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_IMPORT_IMPORT_MODULE = function("PyImport_ImportModule");

    /// New reference, 0 with an exception set.
    public static long importModule(long name) {
        try {
            return (long) CALL_1.invokeExact(PY_IMPORT_IMPORT_MODULE, name);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_IMPORT_GET_MODULE_DICT =
            function("PyImport_GetModuleDict");

    /// Borrowed `sys.modules`.
    public static long moduleDict() {
        try {
            return (long) CALL_0.invokeExact(PY_IMPORT_GET_MODULE_DICT);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_MODULE_NEW = function("PyModule_New");

    /// New reference.
    public static long moduleNew(long name) {
        try {
            return (long) CALL_1.invokeExact(PY_MODULE_NEW, name);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_OBJECT_GET_ATTR_STRING =
            function("PyObject_GetAttrString");

    /// New reference, 0 with an exception set.
    public static long getAttr(long object, long name) {
        try {
            return (long) CALL_2.invokeExact(PY_OBJECT_GET_ATTR_STRING, object, name);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_OBJECT_SET_ATTR_STRING =
            function("PyObject_SetAttrString");

    /// Borrows `value`; 0 on success.
    public static int setAttr(long object, long name, long value) {
        try {
            return (int) (long) CALL_3.invokeExact(PY_OBJECT_SET_ATTR_STRING, object, name, value);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_OBJECT_CALL_NO_ARGS = function("PyObject_CallNoArgs");

    /// New reference, 0 with an exception set.
    public static long callNoArgs(long callable) {
        try {
            return (long) CALL_1.invokeExact(PY_OBJECT_CALL_NO_ARGS, callable);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_OBJECT_CALL_OBJECT = function("PyObject_CallObject");

    /// Calls with a tuple of arguments. New reference, 0 with an exception set.
    public static long callTuple(long callable, long arguments) {
        try {
            return (long) CALL_2.invokeExact(PY_OBJECT_CALL_OBJECT, callable, arguments);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_OBJECT_CHECK_BUFFER = function("PyObject_CheckBuffer");

    /// 1 when `object` has the buffer protocol.
    public static int checkBuffer(long object) {
        try {
            return (int) (long) LEAF_1.invokeExact(PY_OBJECT_CHECK_BUFFER, object);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_OBJECT_IS_TRUE = function("PyObject_IsTrue");

    /// -1 with an exception set.
    public static int isTrue(long object) {
        try {
            return (int) (long) CALL_1.invokeExact(PY_OBJECT_IS_TRUE, object);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_TYPE_IS_SUBTYPE = function("PyType_IsSubtype");

    public static int isSubtype(long type, long base) {
        try {
            return (int) (long) LEAF_2.invokeExact(PY_TYPE_IS_SUBTYPE, type, base);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_CMETHOD_NEW = function("PyCMethod_New");

    /// New builtin function over a `PyMethodDef` that must outlive it; borrows `self`.
    public static long cMethodNew(long definition, long self, long module, long type) {
        try {
            return (long) CALL_4.invokeExact(PY_CMETHOD_NEW, definition, self, module, type);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_METHOD_NEW = function("PyMethod_New");

    /// New bound method; borrows both.
    public static long methodNew(long function, long self) {
        try {
            return (long) CALL_2.invokeExact(PY_METHOD_NEW, function, self);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_LONG_FROM_LONG = function("PyLong_FromLong");

    /// New reference.
    public static long longFromLong(long value) {
        try {
            return (long) CALL_1.invokeExact(PY_LONG_FROM_LONG, value);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_LONG_AS_LONG = function("PyLong_AsLong");

    /// Only for an `int` (see [#isInt]), where it runs no Python; -1 with OverflowError set when it
    /// does not fit.
    public static long longAsLong(long object) {
        try {
            return (long) LEAF_1.invokeExact(PY_LONG_AS_LONG, object);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    /// The only shape that is not of words.
    private static final class Floats {
        private static final MethodHandle PY_FLOAT_FROM_DOUBLE =
                Linker.nativeLinker()
                        .downcallHandle(
                                function("PyFloat_FromDouble"),
                                FunctionDescriptor.of(JAVA_LONG, JAVA_DOUBLE));
    }

    /// New reference.
    public static long floatFromDouble(double value) {
        try {
            return (long) Floats.PY_FLOAT_FROM_DOUBLE.invokeExact(value);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_UNICODE_DECODE_UTF8 = function("PyUnicode_DecodeUTF8");

    /// New reference; `errors` is a NUL-terminated handler name.
    public static long unicodeDecode(long bytes, long size, long errors) {
        try {
            return (long) CALL_3.invokeExact(PY_UNICODE_DECODE_UTF8, bytes, size, errors);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_UNICODE_INTERN_FROM_STRING =
            function("PyUnicode_InternFromString");

    /// New reference to the interned string, which the app's own constants share.
    public static long unicodeIntern(long utf8) {
        try {
            return (long) CALL_1.invokeExact(PY_UNICODE_INTERN_FROM_STRING, utf8);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_UNICODE_AS_UTF8_AND_SIZE =
            function("PyUnicode_AsUTF8AndSize");

    /// Borrowed characters, owned by `string`; 0 with an exception set.
    public static long unicodeAsUtf8(long string, long sizeOut) {
        try {
            return (long) CALL_2.invokeExact(PY_UNICODE_AS_UTF8_AND_SIZE, string, sizeOut);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_UNICODE_COMPARE_WITH_ASCIISTRING =
            function("PyUnicode_CompareWithASCIIString");

    /// 0 when equal.
    public static int unicodeCompare(long string, long ascii) {
        try {
            return (int)
                    (long) LEAF_2.invokeExact(PY_UNICODE_COMPARE_WITH_ASCIISTRING, string, ascii);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_BYTES_FROM_STRING_AND_SIZE =
            function("PyBytes_FromStringAndSize");

    /// New reference; uninitialised when `bytes` is 0, to be filled before anyone sees it.
    public static long bytesNew(long bytes, long size) {
        try {
            return (long) CALL_2.invokeExact(PY_BYTES_FROM_STRING_AND_SIZE, bytes, size);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_BYTES_FROM_OBJECT = function("PyBytes_FromObject");

    /// New reference; copies anything with the buffer protocol.
    public static long bytesFromObject(long object) {
        try {
            return (long) CALL_1.invokeExact(PY_BYTES_FROM_OBJECT, object);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_BYTES_AS_STRING = function("PyBytes_AsString");

    /// Borrowed address of the bytes, valid as long as the object.
    public static long bytesAddress(long bytes) {
        try {
            return (long) LEAF_1.invokeExact(PY_BYTES_AS_STRING, bytes);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_BYTES_SIZE = function("PyBytes_Size");

    public static long bytesSize(long bytes) {
        try {
            return (long) LEAF_1.invokeExact(PY_BYTES_SIZE, bytes);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_TUPLE_NEW = function("PyTuple_New");

    /// New reference, to be filled with [#tupleSetStealing].
    public static long tupleNew(long size) {
        try {
            return (long) CALL_1.invokeExact(PY_TUPLE_NEW, size);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_TUPLE_SET_ITEM = function("PyTuple_SetItem");

    /// Steals `item`; only for a slot that is still empty.
    public static int tupleSetStealing(long tuple, long index, long item) {
        try {
            return (int) (long) LEAF_3.invokeExact(PY_TUPLE_SET_ITEM, tuple, index, item);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_TUPLE_GET_ITEM = function("PyTuple_GetItem");

    public static long tupleGetBorrowed(long tuple, long index) {
        try {
            return (long) LEAF_2.invokeExact(PY_TUPLE_GET_ITEM, tuple, index);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_TUPLE_SIZE = function("PyTuple_Size");

    public static long tupleSize(long tuple) {
        try {
            return (long) LEAF_1.invokeExact(PY_TUPLE_SIZE, tuple);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_LIST_NEW = function("PyList_New");

    /// New reference, to be filled with [#listSetStealing].
    public static long listNew(long size) {
        try {
            return (long) CALL_1.invokeExact(PY_LIST_NEW, size);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_LIST_SET_ITEM = function("PyList_SetItem");

    /// Steals `item`; only for a slot that is still empty.
    public static int listSetStealing(long list, long index, long item) {
        try {
            return (int) (long) LEAF_3.invokeExact(PY_LIST_SET_ITEM, list, index, item);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_SEQUENCE_TUPLE = function("PySequence_Tuple");

    /// New tuple of any iterable, 0 with an exception set; a tuple is returned as it is.
    public static long sequenceTuple(long iterable) {
        try {
            return (long) CALL_1.invokeExact(PY_SEQUENCE_TUPLE, iterable);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_DICT_NEW = function("PyDict_New");

    /// New reference.
    public static long dictNew() {
        try {
            return (long) CALL_0.invokeExact(PY_DICT_NEW);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_DICT_COPY = function("PyDict_Copy");

    /// New reference.
    public static long dictCopy(long dict) {
        try {
            return (long) CALL_1.invokeExact(PY_DICT_COPY, dict);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_DICT_SET_ITEM = function("PyDict_SetItem");

    /// Borrows key and value.
    public static int dictSet(long dict, long key, long value) {
        try {
            return (int) (long) CALL_3.invokeExact(PY_DICT_SET_ITEM, dict, key, value);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_DICT_SET_ITEM_STRING = function("PyDict_SetItemString");

    /// Borrows the value.
    public static int dictSetString(long dict, long key, long value) {
        try {
            return (int) (long) CALL_3.invokeExact(PY_DICT_SET_ITEM_STRING, dict, key, value);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_DICT_GET_ITEM_WITH_ERROR =
            function("PyDict_GetItemWithError");

    /// Borrowed, 0 when absent or with an exception set.
    public static long dictGetBorrowed(long dict, long key) {
        try {
            return (long) CALL_2.invokeExact(PY_DICT_GET_ITEM_WITH_ERROR, dict, key);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MemorySegment PY_DICT_GET_ITEM_STRING = function("PyDict_GetItemString");

    /// Borrowed, 0 when absent.
    public static long dictGetStringBorrowed(long dict, long key) {
        try {
            return (long) CALL_2.invokeExact(PY_DICT_GET_ITEM_STRING, dict, key);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    /// Type of an object, borrowed.
    public static long typeOf(long object) {
        return pointerAt(object + TYPE_OFFSET);
    }

    public static boolean isInstance(long object, long type) {
        long actual = typeOf(object);
        return actual == type || isSubtype(actual, type) != 0;
    }

    /// True for `int` and its subclasses, but not for `bool`.
    public static boolean isInt(long object) {
        return isInstance(object, LONG_TYPE) && typeOf(object) != BOOL_TYPE;
    }

    public static long pointerAt(long address) {
        return MEMORY.get(JAVA_LONG, address);
    }

    /// Copies native memory to the heap.
    public static void read(long address, byte[] target, int at, int count) {
        MemorySegment.copy(MEMORY, JAVA_BYTE, address, target, at, count);
    }

    /// Native memory as it lies, to be read only.
    public static ByteBuffer view(long address, int count) {
        return MEMORY.asSlice(address, count).asByteBuffer().asReadOnlyBuffer();
    }

    /// Copies heap bytes to native memory.
    public static void write(byte[] source, int from, long address, int count) {
        MemorySegment.copy(source, from, MEMORY, JAVA_BYTE, address, count);
    }

    /// A NUL-terminated UTF-8 string that lives as long as the process; for names known in advance.
    public static long constant(String text) {
        return Arena.global().allocateFrom(text).address();
    }

    /// Raises `type(message)` in the running interpreter.
    public static void raise(long type, String message) {
        byte[] utf8 = message.replace('\0', '?').getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(utf8.length + 1L);
            MemorySegment.copy(utf8, 0, text, JAVA_BYTE, 0, utf8.length);
            errSetString(type, text.address());
        }
    }

    private static MemorySegment function(String name) {
        return SYMBOLS.findOrThrow(name);
    }

    private static long symbol(String name) {
        return SYMBOLS.findOrThrow(name).address();
    }

    /// A downcall handle itself throws only when the JVM is out of order.
    private static Error impossible(Throwable failure) {
        return failure instanceof Error error ? error : new AssertionError(failure);
    }
}
