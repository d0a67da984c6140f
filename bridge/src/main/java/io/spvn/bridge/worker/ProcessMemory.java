package io.spvn.bridge.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How much memory a process takes up, by `/proc`.
public final class ProcessMemory {
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(?<kib>[0-9]+) kB");

    private ProcessMemory() {}

    /// Bytes that are resident, those shared with other processes as well; 0 when that cannot be
    /// known, because the process has ended or the system has no `/proc`.
    public static long resident(long pid) {
        try {
            String status = Files.readString(Path.of("/proc/" + pid + "/status"));
            Matcher matcher = RESIDENT.matcher(status);
            return matcher.find() ? Long.parseLong(matcher.group("kib")) * 1024 : 0;
        } catch (IOException gone) {
            return 0;
        }
    }
}
