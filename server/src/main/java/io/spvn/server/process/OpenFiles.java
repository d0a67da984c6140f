package io.spvn.server.process;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/// The files that the process has open, sockets among them.
///
/// @param now how many there are
/// @param most how many there may be
public record OpenFiles(long now, long most) {
    /// Those of this process; empty where the system does not tell.
    public static Optional<OpenFiles> ofProcess() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof UnixOperatingSystemMXBean system
                ? Optional.of(
                        new OpenFiles(
                                system.getOpenFileDescriptorCount(),
                                system.getMaxFileDescriptorCount()))
                : Optional.empty();
    }
}
