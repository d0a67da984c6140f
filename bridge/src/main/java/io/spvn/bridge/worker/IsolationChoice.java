package io.spvn.bridge.worker;

/// What the workers run the app in, and why.
///
///     --isolation      workers   Python           chosen
///     auto             1         any              main: everything runs there
///     auto             more      3.13 and newer   subinterpreter
///     auto             more      older            none
///     subinterpreter   any       3.13 and newer   subinterpreter
///     subinterpreter   any       older            none
///     main             1         any              main
///     process          any       any              process
///
/// An own-GIL interpreter of an earlier Python than 3.13 aborts the process when a second one
/// imports datetime.
///
/// @param isolation never `AUTO`
/// @param reason in words that follow "which": "2 workers need"
/// @param remedy what to do when a module does not run in it
public record IsolationChoice(Isolation isolation, String reason, String remedy) {
    private static final String FOR_ONE = "use --isolation main";
    private static final String FOR_MORE = "use --workers 1";

    /// What is chosen.
    ///
    /// @throws WorkerFailure when this Python has none for these workers
    public static IsolationChoice of(Isolation wanted, int workers, PythonEnvironment python) {
        boolean one = workers == 1;
        if (wanted == Isolation.MAIN || (wanted == Isolation.AUTO && one)) {
            String reason = wanted == Isolation.MAIN ? "--isolation main demands" : "1 worker gets";
            return new IsolationChoice(Isolation.MAIN, reason, FOR_MORE);
        }
        if (wanted == Isolation.PROCESS) {
            return new IsolationChoice(Isolation.PROCESS, "--isolation process demands", "");
        }
        if (!python.isAtLeast(3, 13)) {
            throw new WorkerFailure(tooOld(wanted, workers, python.version()), "", false);
        }
        return new IsolationChoice(
                Isolation.SUBINTERPRETER,
                one ? "--isolation subinterpreter demands" : workers + " workers need",
                one ? FOR_ONE : FOR_MORE);
    }

    private static String tooOld(Isolation wanted, int workers, String version) {
        return wanted == Isolation.SUBINTERPRETER
                ? "--isolation subinterpreter needs Python 3.13 or newer, this is " + version
                : "Python %s can run one worker in a process, but %d were asked for; use --workers 1"
                        .formatted(version, workers);
    }

    /// The complaint about a module that cannot be imported there.
    String refusal(String module) {
        return "%s does not support sub-interpreters, which %s; %s"
                .formatted(module, reason, remedy);
    }

    /// In the words of `--isolation`.
    public String label() {
        return isolation.label();
    }
}
