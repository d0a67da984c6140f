package io.spvn.bridge.python;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The CPython C API as far as spvn uses it: each C function is one handle and one typed static
/// method beside it, pointers are `long`.
///
/// Runs only on a thread that holds the GIL of its interpreter. References follow the C API: a
/// method returns a new reference that the caller gives back with [#decRef], unless its name says
/// `Borrowed`, and borrows its arguments unless its name says `Stealing`. Handles made with [#leaf]
/// hold up the JVM's safepoints while they run, so only functions that neither block nor run Python
/// code are made that way.
///
/// The class is loaded after [PythonRuntime#start], which makes the symbols visible. It is longer
/// than other classes because every foreign call of the project stands here and nowhere else.
public final class CPython {
    private static final Linker LINKER = Linker.nativeLinker();
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

    private static final MethodHandle PY_INC_REF =
            leaf("Py_IncRef", FunctionDescriptor.ofVoid(JAVA_LONG));

    /// Takes one more reference to `object`.
    public static void incRef(long object) {
        try {
            PY_INC_REF.invokeExact(object);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_DEC_REF =
            call("Py_DecRef", FunctionDescriptor.ofVoid(JAVA_LONG));

    /// Gives a reference back; may run a destructor, hence any Python code.
    public static void decRef(long object) {
        try {
            PY_DEC_REF.invokeExact(object);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_ERR_OCCURRED =
            leaf("PyErr_Occurred", FunctionDescriptor.of(JAVA_LONG));

    /// Borrowed type of the pending exception, 0 when there is none.
    public static long errOccurred() {
        try {
            return (long) PY_ERR_OCCURRED.invokeExact();
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_ERR_CLEAR =
            call("PyErr_Clear", FunctionDescriptor.ofVoid());

    public static void errClear() {
        try {
            PY_ERR_CLEAR.invokeExact();
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_ERR_SET_STRING =
            call("PyErr_SetString", FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG));

    /// Raises `type(message)`; the message is a NUL-terminated UTF-8 string.
    public static void errSetString(long type, long utf8) {
        try {
            PY_ERR_SET_STRING.invokeExact(type, utf8);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_IMPORT_IMPORT_MODULE =
            call("PyImport_ImportModule", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));

    /// New reference, 0 with an exception set.
    public static long importModule(long name) {
        try {
            return (long) PY_IMPORT_IMPORT_MODULE.invokeExact(name);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_IMPORT_GET_MODULE_DICT =
            call("PyImport_GetModuleDict", FunctionDescriptor.of(JAVA_LONG));

    /// Borrowed `sys.modules`.
    public static long moduleDict() {
        try {
            return (long) PY_IMPORT_GET_MODULE_DICT.invokeExact();
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_MODULE_NEW =
            call("PyModule_New", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));

    /// New reference.
    public static long moduleNew(long name) {
        try {
            return (long) PY_MODULE_NEW.invokeExact(name);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_OBJECT_GET_ATTR_STRING =
            call("PyObject_GetAttrString", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));

    /// New reference, 0 with an exception set.
    public static long getAttr(long object, long name) {
        try {
            return (long) PY_OBJECT_GET_ATTR_STRING.invokeExact(object, name);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_OBJECT_SET_ATTR_STRING =
            call(
                    "PyObject_SetAttrString",
                    FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    /// Borrows `value`; 0 on success.
    public static int setAttr(long object, long name, long value) {
        try {
            return (int) PY_OBJECT_SET_ATTR_STRING.invokeExact(object, name, value);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_OBJECT_CALL_NO_ARGS =
            call("PyObject_CallNoArgs", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));

    /// New reference, 0 with an exception set.
    public static long callNoArgs(long callable) {
        try {
            return (long) PY_OBJECT_CALL_NO_ARGS.invokeExact(callable);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_OBJECT_CALL_OBJECT =
            call("PyObject_CallObject", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));

    /// Calls with a tuple of arguments. New reference, 0 with an exception set.
    public static long callTuple(long callable, long arguments) {
        try {
            return (long) PY_OBJECT_CALL_OBJECT.invokeExact(callable, arguments);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_OBJECT_CHECK_BUFFER =
            leaf("PyObject_CheckBuffer", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));

    /// 1 when `object` has the buffer protocol.
    public static int checkBuffer(long object) {
        try {
            return (int) PY_OBJECT_CHECK_BUFFER.invokeExact(object);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_OBJECT_IS_TRUE =
            call("PyObject_IsTrue", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));

    /// -1 with an exception set.
    public static int isTrue(long object) {
        try {
            return (int) PY_OBJECT_IS_TRUE.invokeExact(object);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_TYPE_IS_SUBTYPE =
            leaf("PyType_IsSubtype", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));

    public static int isSubtype(long type, long base) {
        try {
            return (int) PY_TYPE_IS_SUBTYPE.invokeExact(type, base);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_CMETHOD_NEW =
            call(
                    "PyCMethod_New",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    /// New builtin function over a `PyMethodDef` that must outlive it; borrows `self`.
    public static long cMethodNew(long definition, long self, long module, long type) {
        try {
            return (long) PY_CMETHOD_NEW.invokeExact(definition, self, module, type);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_METHOD_NEW =
            call("PyMethod_New", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));

    /// New bound method; borrows both.
    public static long methodNew(long function, long self) {
        try {
            return (long) PY_METHOD_NEW.invokeExact(function, self);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_LONG_FROM_LONG =
            call("PyLong_FromLong", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));

    /// New reference.
    public static long longFromLong(long value) {
        try {
            return (long) PY_LONG_FROM_LONG.invokeExact(value);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_LONG_AS_LONG =
            leaf("PyLong_AsLong", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));

    /// Only for an `int` (see [#isInt]), where it runs no Python; -1 with OverflowError set when it
    /// does not fit.
    public static long longAsLong(long object) {
        try {
            return (long) PY_LONG_AS_LONG.invokeExact(object);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_FLOAT_FROM_DOUBLE =
            call("PyFloat_FromDouble", FunctionDescriptor.of(JAVA_LONG, JAVA_DOUBLE));

    /// New reference.
    public static long floatFromDouble(double value) {
        try {
            return (long) PY_FLOAT_FROM_DOUBLE.invokeExact(value);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_UNICODE_DECODE_UTF8 =
            call(
                    "PyUnicode_DecodeUTF8",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    /// New reference; `errors` is a NUL-terminated handler name.
    public static long unicodeDecode(long bytes, long size, long errors) {
        try {
            return (long) PY_UNICODE_DECODE_UTF8.invokeExact(bytes, size, errors);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_UNICODE_INTERN_FROM_STRING =
            call("PyUnicode_InternFromString", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));

    /// New reference to the interned string, which the app's own constants share.
    public static long unicodeIntern(long utf8) {
        try {
            return (long) PY_UNICODE_INTERN_FROM_STRING.invokeExact(utf8);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_UNICODE_AS_UTF8_AND_SIZE =
            call("PyUnicode_AsUTF8AndSize", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));

    /// Borrowed characters, owned by `string`; 0 with an exception set.
    public static long unicodeAsUtf8(long string, long sizeOut) {
        try {
            return (long) PY_UNICODE_AS_UTF8_AND_SIZE.invokeExact(string, sizeOut);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_UNICODE_COMPARE_WITH_ASCIISTRING =
            leaf(
                    "PyUnicode_CompareWithASCIIString",
                    FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));

    /// 0 when equal.
    public static int unicodeCompare(long string, long ascii) {
        try {
            return (int) PY_UNICODE_COMPARE_WITH_ASCIISTRING.invokeExact(string, ascii);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_BYTES_FROM_STRING_AND_SIZE =
            call(
                    "PyBytes_FromStringAndSize",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));

    /// New reference; uninitialised when `bytes` is 0, to be filled before anyone sees it.
    public static long bytesNew(long bytes, long size) {
        try {
            return (long) PY_BYTES_FROM_STRING_AND_SIZE.invokeExact(bytes, size);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_BYTES_FROM_OBJECT =
            call("PyBytes_FromObject", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));

    /// New reference; copies anything with the buffer protocol.
    public static long bytesFromObject(long object) {
        try {
            return (long) PY_BYTES_FROM_OBJECT.invokeExact(object);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_BYTES_AS_STRING =
            leaf("PyBytes_AsString", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));

    /// Borrowed address of the bytes, valid as long as the object.
    public static long bytesAddress(long bytes) {
        try {
            return (long) PY_BYTES_AS_STRING.invokeExact(bytes);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_BYTES_SIZE =
            leaf("PyBytes_Size", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));

    public static long bytesSize(long bytes) {
        try {
            return (long) PY_BYTES_SIZE.invokeExact(bytes);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_TUPLE_NEW =
            call("PyTuple_New", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));

    /// New reference, to be filled with [#tupleSetStealing].
    public static long tupleNew(long size) {
        try {
            return (long) PY_TUPLE_NEW.invokeExact(size);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_TUPLE_SET_ITEM =
            leaf(
                    "PyTuple_SetItem",
                    FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    /// Steals `item`; only for a slot that is still empty.
    public static int tupleSetStealing(long tuple, long index, long item) {
        try {
            return (int) PY_TUPLE_SET_ITEM.invokeExact(tuple, index, item);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_TUPLE_GET_ITEM =
            leaf("PyTuple_GetItem", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));

    public static long tupleGetBorrowed(long tuple, long index) {
        try {
            return (long) PY_TUPLE_GET_ITEM.invokeExact(tuple, index);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_TUPLE_SIZE =
            leaf("PyTuple_Size", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));

    public static long tupleSize(long tuple) {
        try {
            return (long) PY_TUPLE_SIZE.invokeExact(tuple);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_LIST_NEW =
            call("PyList_New", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));

    /// New reference, to be filled with [#listSetStealing].
    public static long listNew(long size) {
        try {
            return (long) PY_LIST_NEW.invokeExact(size);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_LIST_SET_ITEM =
            leaf(
                    "PyList_SetItem",
                    FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    /// Steals `item`; only for a slot that is still empty.
    public static int listSetStealing(long list, long index, long item) {
        try {
            return (int) PY_LIST_SET_ITEM.invokeExact(list, index, item);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_SEQUENCE_TUPLE =
            call("PySequence_Tuple", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));

    /// New tuple of any iterable, 0 with an exception set; a tuple is returned as it is.
    public static long sequenceTuple(long iterable) {
        try {
            return (long) PY_SEQUENCE_TUPLE.invokeExact(iterable);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_DICT_NEW =
            call("PyDict_New", FunctionDescriptor.of(JAVA_LONG));

    /// New reference.
    public static long dictNew() {
        try {
            return (long) PY_DICT_NEW.invokeExact();
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_DICT_COPY =
            call("PyDict_Copy", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));

    /// New reference.
    public static long dictCopy(long dict) {
        try {
            return (long) PY_DICT_COPY.invokeExact(dict);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_DICT_SET_ITEM =
            call(
                    "PyDict_SetItem",
                    FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    /// Borrows key and value.
    public static int dictSet(long dict, long key, long value) {
        try {
            return (int) PY_DICT_SET_ITEM.invokeExact(dict, key, value);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_DICT_SET_ITEM_STRING =
            call(
                    "PyDict_SetItemString",
                    FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    /// Borrows the value.
    public static int dictSetString(long dict, long key, long value) {
        try {
            return (int) PY_DICT_SET_ITEM_STRING.invokeExact(dict, key, value);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_DICT_GET_ITEM_WITH_ERROR =
            call("PyDict_GetItemWithError", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));

    /// Borrowed, 0 when absent or with an exception set.
    public static long dictGetBorrowed(long dict, long key) {
        try {
            return (long) PY_DICT_GET_ITEM_WITH_ERROR.invokeExact(dict, key);
        } catch (Throwable failure) {
            throw impossible(failure);
        }
    }

    private static final MethodHandle PY_DICT_GET_ITEM_STRING =
            call("PyDict_GetItemString", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));

    /// Borrowed, 0 when absent.
    public static long dictGetStringBorrowed(long dict, long key) {
        try {
            return (long) PY_DICT_GET_ITEM_STRING.invokeExact(dict, key);
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

    private static MethodHandle call(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(SYMBOLS.findOrThrow(name), type);
    }

    private static MethodHandle leaf(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(
                SYMBOLS.findOrThrow(name), type, Linker.Option.critical(false));
    }

    private static long symbol(String name) {
        return SYMBOLS.findOrThrow(name).address();
    }

    /// A downcall handle itself throws only when the JVM is out of order.
    private static Error impossible(Throwable failure) {
        return failure instanceof Error error ? error : new AssertionError(failure);
    }
}
