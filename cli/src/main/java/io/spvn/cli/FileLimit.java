package io.spvn.cli;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/// The limit of open files, of which each connection is one.
final class FileLimit {
    private static final int RESERVE = 64;

    private FileLimit() {}

    /// Makes sure that so many connections can be open beside the files that the JVM needs.
    static void require(int connections) {
        if (ManagementFactory.getOperatingSystemMXBean()
                instanceof UnixOperatingSystemMXBean system) {
            long limit = system.getMaxFileDescriptorCount();
            long needed = connections + system.getOpenFileDescriptorCount() + RESERVE;
            if (needed > limit) {
                throw new MissingPart(
                        String.format(
                                Locale.ROOT,
                                "--connections %,d: needs %,d open files, and this process may"
                                        + " have %,d (see 'ulimit -n')",
                                connections,
                                needed,
                                limit));
            }
        }
    }
}
