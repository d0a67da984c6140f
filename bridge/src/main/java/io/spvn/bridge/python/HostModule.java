package io.spvn.bridge.python;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/// A Python module made of Java functions, one per interpreter.
///
/// A function becomes a `PyMethodDef` over an upcall stub. Stubs and definitions live as long as
/// the process, since Python may keep a function object beyond its interpreter's last use. Every
/// function is called on a thread that holds that interpreter's GIL; what it throws becomes a
/// Python exception, because an exception that leaves an upcall ends the JVM.
public final class HostModule {
    private static final MemoryLayout METHOD_DEF =
            MemoryLayout.structLayout(
                    ValueLayout.ADDRESS.withName("ml_name"),
                    ValueLayout.ADDRESS.withName("ml_meth"),
                    ValueLayout.JAVA_INT.withName("ml_flags"),
                    MemoryLayout.paddingLayout(4),
                    ValueLayout.ADDRESS.withName("ml_doc"));

    /// A function without arguments; its `self` says what it is bound to.
    @FunctionalInterface
    public interface NoArguments {
        /// Returns a new reference.
        long call(long self);
    }

    /// A function of one argument.
    @FunctionalInterface
    public interface OneArgument {
        /// Borrows `argument`, returns a new reference.
        long call(long self, long argument);
    }

    /// A function of a fixed number of arguments.
    @FunctionalInterface
    public interface Arguments {
        /// Borrows what stands at `arguments`, returns a new reference.
        long call(long self, ArgumentList arguments);
    }

    /// The borrowed arguments of a call.
    public record ArgumentList(long address, long count) {
        public long borrowed(int index) {
            if (index >= count) {
                throw new PythonException(CPython.TYPE_ERROR, "missing argument " + (index + 1));
            }
            return CPython.pointerAt(address + 8L * index);
        }
    }

    private static final FunctionDescriptor ONE =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final FunctionDescriptor LIST =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final FunctionDescriptor NAMED =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    // `ml_flags` of a PyMethodDef.
    private static final int METH_KEYWORDS = 0x0002;
    private static final int METH_NOARGS = 0x0004;
    private static final int METH_O = 0x0008;
    private static final int METH_FASTCALL = 0x0080;

    private final long module;

    /// Makes an empty module and enters it in `sys.modules`.
    public HostModule(String name) {
        module = CPython.moduleNew(CPython.constant(name));
        Values.require(module);
        Values.check(CPython.dictSetString(CPython.moduleDict(), CPython.constant(name), module));
    }

    public HostModule function(String name, NoArguments body) {
        return add(name, define(name, METH_NOARGS, ONE, new Guard.Plain(body)));
    }

    public HostModule function(String name, OneArgument body) {
        return add(name, define(name, METH_O, ONE, new Guard.Single(body)));
    }

    /// A function of several arguments, which come as a list.
    public HostModule listFunction(String name, Arguments body) {
        return add(name, define(name, METH_FASTCALL, LIST, new Guard.Several(body)));
    }

    /// A `PyMethodDef`, for functions that are bound later ([CPython#cMethodNew]); their argument
    /// may be given by its name.
    public static long define(String name, String argument, OneArgument body) {
        Guard guard = new Guard.Named(name, argument, CPython.constant(argument), body);
        return define(name, METH_FASTCALL | METH_KEYWORDS, NAMED, guard);
    }

    private HostModule add(String name, long definition) {
        long function = Values.require(CPython.cMethodNew(definition, 0, module, 0));
        int result = CPython.setAttr(module, CPython.constant(name), function);
        CPython.decRef(function);
        Values.check(result);
        return this;
    }

    private static long define(String name, int flags, FunctionDescriptor type, Guard target) {
        Arena arena = Arena.global();
        MemorySegment stub = Linker.nativeLinker().upcallStub(handle(type, target), type, arena);
        MemorySegment definition = arena.allocate(METHOD_DEF);
        definition.set(ValueLayout.ADDRESS, 0, arena.allocateFrom(name));
        definition.set(ValueLayout.ADDRESS, 8, stub);
        definition.set(ValueLayout.JAVA_INT, 16, flags);
        definition.set(ValueLayout.ADDRESS, 24, MemorySegment.NULL);
        return definition.address();
    }

    private static MethodHandle handle(FunctionDescriptor type, Guard target) {
        try {
            return MethodHandles.lookup().bind(target, "call", type.toMethodType());
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// Stands between C and a Java function and lets nothing be thrown through. It also adapts each
    /// function to the C signature of its calling convention.
    private sealed interface Guard {
        record Plain(NoArguments body) implements Guard {
            @SuppressWarnings("unused") // called through its handle
            long call(long self, long ignored) {
                try {
                    return body.call(self);
                } catch (Throwable thrown) {
                    return PythonException.raise(thrown);
                }
            }
        }

        record Single(OneArgument body) implements Guard {
            @SuppressWarnings("unused") // called through its handle
            long call(long self, long argument) {
                try {
                    return body.call(self, argument);
                } catch (Throwable thrown) {
                    return PythonException.raise(thrown);
                }
            }
        }

        record Several(Arguments body) implements Guard {
            @SuppressWarnings("unused") // called through its handle
            long call(long self, long arguments, long count) {
                try {
                    return body.call(self, new ArgumentList(arguments, count));
                } catch (Throwable thrown) {
                    return PythonException.raise(thrown);
                }
            }
        }

        record Named(String name, String argument, long keyword, OneArgument body)
                implements Guard {
            @SuppressWarnings("unused") // called through its handle
            long call(long self, long arguments, long count, long keywords) {
                try {
                    if (count != 1 || keywords != 0) {
                        requireByName(count, keywords);
                    }
                    return body.call(self, CPython.pointerAt(arguments));
                } catch (Throwable thrown) {
                    return PythonException.raise(thrown);
                }
            }

            /// What is given by name stands behind the others.
            private void requireByName(long count, long keywords) {
                if (count != 0
                        || keywords == 0
                        || CPython.tupleSize(keywords) != 1
                        || CPython.unicodeCompare(CPython.tupleGetBorrowed(keywords, 0), keyword)
                                != 0) {
                    throw new PythonException(
                            CPython.TYPE_ERROR, name + "() takes one argument: " + argument);
                }
            }
        }
    }
}
