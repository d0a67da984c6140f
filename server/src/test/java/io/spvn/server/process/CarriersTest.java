package io.spvn.server.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jdk.management.VirtualThreadSchedulerMXBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CarriersTest {
    private static final String PROPERTY = "jdk.virtualThreadScheduler.parallelism";

    private final VirtualThreadSchedulerMXBean scheduler = Carriers.scheduler();
    private final int before = scheduler.getParallelism();

    @AfterEach
    void asBefore() {
        System.clearProperty(PROPERTY);
        scheduler.setParallelism(before);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "3, 1", "4, 2", "64, 32"})
    void half_neverNone(int processors, int carriers) {
        assertEquals(carriers, Carriers.half(processors));
    }

    @Test
    void shareWithProcesses_leavesHalfOfTheProcessors() {
        Carriers.shareWithProcesses();

        assertEquals(
                Carriers.half(Runtime.getRuntime().availableProcessors()),
                scheduler.getParallelism());
    }

    @Test
    void shareWithProcesses_leavesWhatTheUserHasSaid() {
        System.setProperty(PROPERTY, "7");
        scheduler.setParallelism(7);

        Carriers.shareWithProcesses();

        assertEquals(7, scheduler.getParallelism());
    }
}
