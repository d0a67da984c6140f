package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IsolationChoiceTest {
    @ParameterizedTest
    @CsvSource({
        "AUTO, 1, 3.10.4, MAIN",
        "AUTO, 1, 3.13.0, MAIN",
        "AUTO, 2, 3.13.0, SUBINTERPRETER",
        "AUTO, 2, 3.14.0, SUBINTERPRETER",
        "SUBINTERPRETER, 1, 3.13.0, SUBINTERPRETER",
        "SUBINTERPRETER, 4, 3.14.0, SUBINTERPRETER",
        "MAIN, 1, 3.10.4, MAIN",
        "MAIN, 1, 3.14.0, MAIN",
    })
    void of_theTable(Isolation wanted, int workers, String python, Isolation chosen) {
        assertEquals(chosen, choice(wanted, workers, python).isolation());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AUTO           | 2 | 3.12.7 | Python 3.12.7 can run one worker in a process, but 2 were asked for; use --workers 1",
                "SUBINTERPRETER | 1 | 3.12.7 | --isolation subinterpreter needs Python 3.13 or newer, this is 3.12.7",
                "SUBINTERPRETER | 2 | 3.10.4 | --isolation subinterpreter needs Python 3.13 or newer, this is 3.10.4",
            })
    void of_aPythonThatIsTooOld_fails(
            Isolation wanted, int workers, String python, String message) {
        WorkerFailure failure =
                assertThrows(WorkerFailure.class, () -> choice(wanted, workers, python));
        assertEquals(message, failure.getMessage());
        assertFalse(failure.appAtFault());
    }

    @Test
    void refusal_saysWhyAndWhatToDo() {
        assertEquals(
                "m does not support sub-interpreters, which --isolation subinterpreter demands;"
                        + " use --isolation main",
                choice(Isolation.SUBINTERPRETER, 1, "3.13.0").refusal("m"));
        assertEquals(
                "m does not support sub-interpreters, which 3 workers need; use --workers 1",
                choice(Isolation.AUTO, 3, "3.13.0").refusal("m"));
    }

    @Test
    void label_isTheWordOfTheOption() {
        assertEquals("main", choice(Isolation.AUTO, 1, "3.13.0").label());
        assertEquals("subinterpreter", choice(Isolation.AUTO, 2, "3.13.0").label());
    }

    private static IsolationChoice choice(Isolation wanted, int workers, String python) {
        return IsolationChoice.of(wanted, workers, Settings.python(python));
    }
}
