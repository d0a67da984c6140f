package io.spvn.bridge.worker;

import io.spvn.bridge.worker.WorkerSettings.Crew;

/// What the workers run the app in, and why.
///
///     --isolation      workers  replaceable  Python           trial     chosen
///     auto             any      must be      any              -         process
///     auto             1        -            any              -         main: everything runs there
///     auto             more     -            older            -         process
///     auto             more     -            3.13 and newer   safe      subinterpreter
///     auto             more     -            3.13 and newer   else      process
///     process          any      any          any              -         process
///     subinterpreter   any      -            3.13 and newer   -         subinterpreter
///     subinterpreter   any      -            older            -         none
///     main             1        -            any              -         main
///
/// An own-GIL interpreter of an earlier Python than 3.13 aborts the process when a second one
/// imports datetime. uvloop does not load in one.
///
/// @param isolation never `AUTO`
/// @param wanted what `--isolation` says
/// @param reason in words that follow a colon, "" when there was nothing to choose
public record IsolationChoice(Isolation isolation, Isolation wanted, String reason) {
    /// What is chosen.
    ///
    /// @param replaceable whether an option demands workers that can be replaced
    /// @param trial is asked only if there is a choice that depends on it
    /// @throws WorkerFailure when this Python has none for these workers
    public static IsolationChoice of(
            Crew crew, boolean replaceable, PythonEnvironment python, Trial trial)
            throws InterruptedException {
        Isolation wanted = crew.isolation();
        return switch (wanted) {
            case AUTO -> auto(crew, replaceable, python, trial);
            case MAIN, PROCESS -> new IsolationChoice(wanted, wanted, "");
            case SUBINTERPRETER -> {
                requireOwnGil(python);
                yield new IsolationChoice(wanted, wanted, "");
            }
        };
    }

    private static IsolationChoice auto(
            Crew crew, boolean replaceable, PythonEnvironment python, Trial trial)
            throws InterruptedException {
        if (replaceable) {
            return auto(Isolation.PROCESS, "only processes can be replaced, as an option demands");
        }
        if (crew.size() == 1) {
            return auto(Isolation.MAIN, "one worker has it for itself");
        }
        if (!hasOwnGil(python)) {
            String old = "sub-interpreters need Python 3.13 or newer, this is " + python.version();
            return auto(Isolation.PROCESS, old);
        }
        if (crew.loop() == EventLoop.UVLOOP) {
            return auto(Isolation.PROCESS, "uvloop does not support sub-interpreters");
        }
        Trial.Verdict verdict = trial.ask();
        return auto(
                verdict.safe() ? Isolation.SUBINTERPRETER : Isolation.PROCESS, verdict.reason());
    }

    private static IsolationChoice auto(Isolation isolation, String reason) {
        return new IsolationChoice(isolation, Isolation.AUTO, reason);
    }

    private static boolean hasOwnGil(PythonEnvironment python) {
        return python.isAtLeast(3, 13);
    }

    private static void requireOwnGil(PythonEnvironment python) {
        if (!hasOwnGil(python)) {
            throw new WorkerFailure(
                    "--isolation subinterpreter needs Python 3.13 or newer, this is "
                            + python.version()
                            + "; use --isolation process",
                    "",
                    false);
        }
    }

    /// Whether it was made by ourselves, so that another may follow.
    boolean isOwn() {
        return wanted == Isolation.AUTO;
    }

    /// The kind that every module supports, in place of one that this module has refused.
    IsolationChoice yieldTo(String module) {
        return auto(Isolation.PROCESS, module + " does not support sub-interpreters");
    }

    /// The complaint about a module that cannot be imported there.
    String refusal(String module) {
        return "%s does not support sub-interpreters, which --isolation subinterpreter demands;"
                        .formatted(module)
                + " use --isolation process";
    }

    /// What is chosen and why, in a line such as "2 process workers: numpy ...".
    ///
    /// @param workers how many there are
    public String line(int workers) {
        String what = "%d %s worker%s".formatted(workers, label(), workers == 1 ? "" : "s");
        return reason.isEmpty() ? what : what + ": " + reason;
    }

    /// In the words of `--isolation`.
    public String label() {
        return isolation.label();
    }
}
