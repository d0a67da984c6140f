package io.spvn.bridge.python;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import jep.ClassEnquirer;
import jep.JepConfig;
import jep.MainInterpreter;
import jep.PyConfig;
import jep.SharedInterpreter;
import jep.SubInterpreterOptions;
import org.jspecify.annotations.Nullable;

/// The process-wide CPython, started by Jep at the first interpreter and never finalised: extension
/// modules do not survive a second start.
///
/// Interpreters are made one at a time (creation is not safe in parallel) and each belongs to the
/// thread that made it.
public final class PythonRuntime {
    /// The Jep release whose Java and native halves were tested together; both must be this one.
    public static final String JEP_VERSION = "4.3.1";

    private static final String FAULTHANDLER_OFF =
            "faulthandler stays off, because the JVM needs the signals of a crash for itself;"
                    + " a crash is reported by the JVM";
    private static final String TRACEMALLOC_OFF =
            "PYTHONTRACEMALLOC is ignored, because tracemalloc does not support sub-interpreters;"
                    + " use --isolation process";
    private static final System.Logger LOG = System.getLogger(PythonRuntime.class.getName());

    private static final Object CREATION = new Object();

    private final JepConfig config;
    private boolean started; // guarded by CREATION

    private PythonRuntime(JepConfig config) {
        this.config = config;
    }

    /// Loads libpython and Jep's native half and configures the runtime that the first interpreter
    /// starts. To be called once per process.
    ///
    /// @param executable the Python whose `sys.prefix` and packages the app sees
    /// @param library libpython of that executable
    /// @param support directory with the `jep` package, appended to `sys.path`
    /// @param source where the bridge's Python half is, appended to `sys.path`
    /// @throws PythonFailure when something is missing or does not fit
    public static PythonRuntime start(Path executable, Path library, Path support, Path source) {
        requireJep(support);
        load(library, "cannot load libpython");
        MainInterpreter.setJepLibraryPath(support.resolve("jep/libjep.so").toString());
        WarningOption.add();
        PyConfig python = PyConfig.python();
        python.setProgramName(executable.toString());
        MainInterpreter.setInitParams(python);
        JepConfig config = new JepConfig();
        config.addIncludePaths(support.toString(), source.toString());
        config.setClassEnquirer(new NoJavaPackages());
        return new PythonRuntime(config);
    }

    /// Opens an interpreter on the calling thread, which must be a platform thread that does
    /// nothing else.
    public Interpreter open(InterpreterKind kind) {
        synchronized (CREATION) {
            try {
                decide(kind);
                return switch (kind) {
                    case MAIN -> new Interpreter(new SharedInterpreter());
                    case OWN_GIL -> {
                        config.setSubInterpreterOptions(ownGil());
                        yield new Interpreter(config.createSubInterpreter());
                    }
                };
            } catch (RuntimeException | LinkageError failure) {
                throw new PythonFailure("Python does not start: " + firstLine(failure), failure);
            }
        }
    }

    /// Starts Python and turns off what its environment asked for and the process cannot bear.
    ///
    /// faulthandler takes SIGSEGV for a crash. The JVM sends itself one for many a check, so it
    /// gets its handlers back at once: until here all threads that could do so wait for Python's
    /// start. tracemalloc takes the GIL of the main interpreter on the threads of all others.
    private void decide(InterpreterKind first) {
        if (started) {
            return;
        }
        started = true;
        SharedInterpreter.setConfig(config);
        boolean tracing = first == InterpreterKind.OWN_GIL && isSet("PYTHONTRACEMALLOC");
        try (SharedInterpreter main = new SharedInterpreter()) {
            main.exec("import faulthandler; faulthandler.disable()");
            if (tracing) {
                main.exec("import tracemalloc; tracemalloc.stop()");
            }
        }
        if (isSet("PYTHONFAULTHANDLER") || isSet("PYTHONDEVMODE")) {
            LOG.log(System.Logger.Level.INFO, FAULTHANDLER_OFF);
        }
        if (tracing) {
            LOG.log(System.Logger.Level.WARNING, TRACEMALLOC_OFF);
        }
    }

    private static boolean isSet(String variable) {
        return !Objects.requireNonNullElse(System.getenv(variable), "").isEmpty();
    }

    /// All that CPython lets an interpreter with a GIL of its own have. Not fork: the child of one
    /// that is not the main interpreter ends at once, with a fatal error. Extension modules have to
    /// say that they support it, for those that do not share objects between interpreters.
    private static SubInterpreterOptions ownGil() {
        return SubInterpreterOptions.isolated().setAllowDaemonThreads(true).setAllowExec(true);
    }

    private static void requireJep(Path support) {
        if (!Files.exists(support.resolve("jep/libjep.so"))) {
            throw new PythonFailure(
                    "Jep " + JEP_VERSION + " is not in " + support + "; remove it and start again");
        }
        if (!Files.isDirectory(support.resolve("jep-" + JEP_VERSION + ".dist-info"))) {
            throw new PythonFailure(
                    "%s holds another Jep than %s; remove it and start again"
                            .formatted(support, JEP_VERSION));
        }
    }

    private static void load(Path library, String complaint) {
        try {
            System.load(library.toString());
        } catch (LinkageError failure) {
            throw new PythonFailure(complaint + ": " + firstLine(failure), failure);
        }
    }

    private static String firstLine(Throwable failure) {
        @Nullable String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    /// Keeps `import java` out of the app, and a scan of the class path out of the start.
    private static final class NoJavaPackages implements ClassEnquirer {
        @Override
        public boolean isJavaPackage(String name) {
            return false;
        }

        @Override
        @SuppressWarnings("NullAway") // null is Jep's word for "no such package"
        public String[] getClassNames(String packageName) {
            return null;
        }

        @Override
        @SuppressWarnings("NullAway") // null is Jep's word for "no such package"
        public String[] getSubPackages(String packageName) {
            return null;
        }
    }
}
