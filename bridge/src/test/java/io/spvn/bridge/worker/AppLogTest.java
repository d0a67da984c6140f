package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppLogTest {
    @ParameterizedTest
    @CsvSource({
        "50, ERROR",
        "40, ERROR",
        "39, WARNING",
        "30, WARNING",
        "29, INFO",
        "20, INFO",
        "19, DEBUG",
        "10, DEBUG",
        "0, DEBUG"
    })
    void severity_isThatOfPythonsLogging(long level, System.Logger.Level severity) {
        assertEquals(severity, AppLog.severity(level));
    }
}
