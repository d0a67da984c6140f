package io.spvn.server.process;

import java.lang.management.ManagementFactory;
import jdk.management.VirtualThreadSchedulerMXBean;

/// How many threads carry the virtual ones, on which sockets are served.
///
/// The JDK takes as many as there are processors. Beside worker processes, which keep the
/// processors busy, that is too many: what one of them could do before it rests is spread over
/// several, each of which has to be woken, and takes a processor from a worker for less work than
/// the waking costs. Half of them carry as much, for less.
///
/// What the user has said with the JDK's own property stands.
public final class Carriers {
    private static final String PROPERTY = "jdk.virtualThreadScheduler.parallelism";

    private Carriers() {}

    /// Leaves half of the processors to worker processes. May be called again.
    public static void shareWithProcesses() {
        if (System.getProperty(PROPERTY) == null) {
            scheduler().setParallelism(half(Runtime.getRuntime().availableProcessors()));
        }
    }

    /// How many there are now.
    public static int count() {
        return scheduler().getParallelism();
    }

    static int half(int processors) {
        return Math.max(1, processors / 2);
    }

    static VirtualThreadSchedulerMXBean scheduler() {
        return ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    }
}
