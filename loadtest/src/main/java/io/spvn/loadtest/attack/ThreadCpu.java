package io.spvn.loadtest.attack;

import java.lang.management.ManagementFactory;

/// CPU time of the current thread.
final class ThreadCpu {
    private ThreadCpu() {}

    static long nanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
