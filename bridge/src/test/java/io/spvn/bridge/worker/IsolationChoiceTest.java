package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class IsolationChoiceTest {
    private static final String REFUSED = "m does not support sub-interpreters";

    private int trials;

    @ParameterizedTest
    @CsvSource({
        // wanted, workers, replaceable, Python, loop, safe, chosen, trials
        "AUTO, 1, false, 3.10.4, AUTO, true, MAIN, 0",
        "AUTO, 1, false, 3.13.0, AUTO, true, MAIN, 0",
        "AUTO, 1, false, 3.13.0, UVLOOP, true, MAIN, 0",
        "AUTO, 1, true, 3.13.0, AUTO, true, PROCESS, 0",
        "AUTO, 2, true, 3.13.0, AUTO, true, PROCESS, 0",
        "AUTO, 2, false, 3.12.7, AUTO, true, PROCESS, 0",
        "AUTO, 2, false, 3.13.0, UVLOOP, true, PROCESS, 0",
        "AUTO, 2, false, 3.13.0, AUTO, true, SUBINTERPRETER, 1",
        "AUTO, 2, false, 3.14.0, ASYNCIO, true, SUBINTERPRETER, 1",
        "AUTO, 2, false, 3.13.0, AUTO, false, PROCESS, 1",
        "PROCESS, 1, false, 3.10.4, AUTO, true, PROCESS, 0",
        "PROCESS, 4, true, 3.13.0, UVLOOP, true, PROCESS, 0",
        "SUBINTERPRETER, 1, false, 3.13.0, AUTO, false, SUBINTERPRETER, 0",
        "SUBINTERPRETER, 4, false, 3.14.0, AUTO, false, SUBINTERPRETER, 0",
        "MAIN, 1, false, 3.10.4, AUTO, true, MAIN, 0",
        "MAIN, 1, false, 3.14.0, UVLOOP, true, MAIN, 0",
    })
    void of_theTable(
            Isolation wanted,
            int workers,
            boolean replaceable,
            String python,
            EventLoop loop,
            boolean safe,
            Isolation chosen,
            int asked)
            throws InterruptedException {
        WorkerSettings.Crew crew = crew(wanted, workers, loop);
        IsolationChoice choice =
                IsolationChoice.of(crew, replaceable, Settings.python(python), () -> verdict(safe));
        assertEquals(chosen, choice.isolation());
        assertEquals(asked, trials);
    }

    private Trial.Verdict verdict(boolean safe) {
        trials++;
        return new Trial.Verdict(safe, safe ? "all support them" : REFUSED);
    }

    private static WorkerSettings.Crew crew(Isolation wanted, int workers, EventLoop loop) {
        return new WorkerSettings.Crew(workers, wanted, loop, Duration.ZERO, false);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AUTO    | 2 | false | 3.13.0 | AUTO   | 2 process workers: m does not support sub-interpreters",
                "AUTO    | 2 | false | 3.12.7 | AUTO   | 2 process workers: sub-interpreters need Python 3.13 or newer, this is 3.12.7",
                "AUTO    | 3 | false | 3.13.0 | UVLOOP | 3 process workers: uvloop does not support sub-interpreters",
                "AUTO    | 1 | true  | 3.13.0 | AUTO   | 1 process worker: only processes can be replaced, as an option demands",
                "AUTO    | 1 | false | 3.13.0 | AUTO   | 1 main worker: one worker has it for itself",
                "PROCESS | 2 | false | 3.13.0 | AUTO   | 2 process workers",
            })
    void line_saysWhatIsChosenAndWhy(
            Isolation wanted,
            int workers,
            boolean replaceable,
            String python,
            EventLoop loop,
            String line)
            throws InterruptedException {
        IsolationChoice choice =
                IsolationChoice.of(
                        crew(wanted, workers, loop),
                        replaceable,
                        Settings.python(python),
                        () -> verdict(false));
        assertEquals(line, choice.line(workers));
    }

    @ParameterizedTest
    @CsvSource({"1, 3.12.7", "2, 3.10.4"})
    void of_aPythonThatIsTooOldForWhatIsAskedFor_fails(int workers, String python) {
        WorkerFailure failure =
                assertThrows(
                        WorkerFailure.class,
                        () ->
                                IsolationChoice.of(
                                        crew(Isolation.SUBINTERPRETER, workers, EventLoop.AUTO),
                                        false,
                                        Settings.python(python),
                                        () -> verdict(true)));
        assertEquals(
                "--isolation subinterpreter needs Python 3.13 or newer, this is "
                        + python
                        + "; use --isolation process",
                failure.getMessage());
        assertFalse(failure.appAtFault());
    }

    @Test
    void whatWasChosenByItself_yieldsToTheModuleThatRefusesIt() throws InterruptedException {
        IsolationChoice choice = choice(Isolation.AUTO, 2);
        assertTrue(choice.isOwn());
        IsolationChoice next = choice.yieldTo("numpy");
        assertEquals("2 process workers: numpy does not support sub-interpreters", next.line(2));
        assertTrue(next.isOwn());
    }

    @ParameterizedTest
    @EnumSource(names = {"SUBINTERPRETER", "PROCESS"})
    void whatWasAskedFor_isNotOurs(Isolation wanted) throws InterruptedException {
        assertFalse(choice(wanted, 2).isOwn());
    }

    @Test
    void refusal_saysWhatToDo() throws InterruptedException {
        assertEquals(
                "m does not support sub-interpreters, which --isolation subinterpreter demands;"
                        + " use --isolation process",
                choice(Isolation.SUBINTERPRETER, 1).refusal("m"));
    }

    @Test
    void label_isTheWordOfTheOption() throws InterruptedException {
        assertEquals("main", choice(Isolation.AUTO, 1).label());
        assertEquals("subinterpreter", choice(Isolation.AUTO, 2).label());
        assertEquals("process", choice(Isolation.PROCESS, 2).label());
    }

    private IsolationChoice choice(Isolation wanted, int workers) throws InterruptedException {
        return IsolationChoice.of(
                crew(wanted, workers, EventLoop.AUTO),
                false,
                Settings.python("3.13.0"),
                () -> verdict(true));
    }
}
