package io.spvn.loadtest.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class ProcFilesTest {
    @Test
    void ticks_areOwnAndThoseOfChildren_whateverTheName() {
        String stat =
                "42 (a) b (c) S 1 42 42 0 -1 4194304 99 98 97 96 10 20 30 40 20 0 1 0 555 0\n";
        assertEquals(100, ProcFiles.ticks(stat));
        assertEquals(0, ProcFiles.ticks(""));
    }

    @Test
    void kib_isFoundByItsName() {
        assertEquals(24_105, ProcFiles.kib("VmRSS:", "VmPeak:\t 1 kB\nVmRSS:\t   24105 kB\n"));
        assertEquals(0, ProcFiles.kib("VmRSS:", ""));
    }

    @Test
    void thisProcess_hasUsedSome() {
        assertTrue(ProcFiles.ticks(ProcessHandle.current().pid()) > 0);
        assertTrue(ProcFiles.residentKib(ProcessHandle.current().pid()) > 1024);
        assertTrue(ClockTick.LENGTH.toNanos() > 0);
    }
}
