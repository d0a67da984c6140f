package io.spvn.bridge.embedded;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spvn.bridge.python.CPython;
import io.spvn.bridge.python.HostModule;
import io.spvn.bridge.python.InterpreterKind;
import io.spvn.bridge.python.PythonRuntime;
import io.spvn.bridge.python.Values;
import io.spvn.bridge.worker.BridgeSource;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A real Python in the JVM of the tests, in the main interpreter, on a thread of its own. It
/// starts with the first test that needs it, if the system properties say which it is; else that
/// test is skipped.
///
/// References that tests make and do not give back live as long as the JVM.
final class EmbeddedPython {
    private static final String PREFIX = "spvn.python.";
    private static @Nullable EmbeddedPython running;

    private final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();

    private EmbeddedPython() {
        Thread thread = new Thread(null, this::live, "python", 16L * 1024 * 1024);
        thread.setDaemon(true);
        thread.start();
    }

    static synchronized EmbeddedPython get() {
        assumeTrue(
                System.getProperty(PREFIX + "library") != null,
                "no Python: set " + PREFIX + "executable, .library and .support");
        EmbeddedPython python = running == null ? new EmbeddedPython() : running;
        running = python;
        return python;
    }

    private static Path path(String name) {
        return Path.of(System.getProperty(PREFIX + name));
    }

    private void live() {
        PythonRuntime.start(
                        path("executable"),
                        path("library"),
                        path("support"),
                        BridgeSource.location())
                .open(InterpreterKind.MAIN)
                .enter(this::work);
    }

    private void work() {
        new HostModule("_spvn_host"); // the bridge's Python half imports it
        while (true) {
            try {
                work.take().run();
            } catch (InterruptedException end) {
                return;
            }
        }
    }

    /// Runs `body` on Python's thread, with the GIL held; what it throws is thrown here.
    void run(Runnable body) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        work.add(
                () -> {
                    try {
                        body.run();
                        done.complete(null);
                    } catch (Throwable failure) {
                        done.completeExceptionally(failure);
                    }
                });
        try {
            done.orTimeout(60, TimeUnit.SECONDS).join();
        } catch (CompletionException failed) {
            switch (failed.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case TimeoutException failure ->
                        throw new AssertionError("Python did not start or hangs", failure);
                case null, default -> throw new AssertionError(failed);
            }
        }
    }

    // ---- on Python's thread

    /// The value of an expression; names are those that [#exec] has made.
    static long eval(String expression) {
        return call("eval", expression);
    }

    /// Runs statements in a namespace that all tests share.
    static void exec(String statements) {
        CPython.decRef(call("exec", statements));
    }

    /// `repr` of a value.
    static String repr(long value) {
        long text = Values.call(builtin("repr"), value);
        String repr = Values.string(text);
        CPython.decRef(text);
        return repr;
    }

    /// Enters a value under a name for [#eval].
    static void name(String name, long value) {
        long globals = eval("globals()");
        Values.check(CPython.dictSetString(globals, CPython.constant(name), value));
        CPython.decRef(globals);
    }

    static int references(long value) {
        name("_counted", value);
        return Integer.parseInt(repr(eval("__import__('sys').getrefcount(_counted)")));
    }

    private static long call(String builtin, String code) {
        return Values.call(builtin(builtin), Values.str(code));
    }

    private static long builtin(String name) {
        long builtins = Values.require(CPython.importModule(CPython.constant("builtins")));
        return Values.require(CPython.getAttr(builtins, CPython.constant(name)));
    }
}
