package io.spvn.loadtest.compare;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What Linux tells about processes under `/proc`; 0 for one that has ended.
final class ProcFiles {
    private static final Path PROC = Path.of("/proc");

    private ProcFiles() {}

    /// CPU time of a process and of the children it has waited for, in clock ticks: the fields 14
    /// to 17 of `stat` (proc_pid_stat(5)).
    static long ticks(long pid) {
        return ticks(text(PROC.resolve(pid + "/stat")));
    }

    /// The name of the program, in brackets, may hold anything; fields are counted from its end.
    static long ticks(String stat) {
        int end = stat.lastIndexOf(')');
        if (end < 0) {
            return 0;
        }
        String[] fields = stat.substring(end + 2).split(" ", -1);
        long sum = 0;
        for (int field = 11; field < 15; field++) {
            sum += Long.parseLong(fields[field]);
        }
        return sum;
    }

    /// Whether a process has ended and nobody has asked how.
    static boolean isZombie(long pid) {
        return text(PROC.resolve(pid + "/stat")).contains(") Z ");
    }

    /// Resident memory in KiB.
    static long residentKib(long pid) {
        return kib("VmRSS:", text(PROC.resolve(pid + "/status")));
    }

    /// A number in a file of lines such as `MemTotal: 24000 kB`.
    static long kib(String key, String lines) {
        return lines.lines()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    static String text(Path file) {
        try {
            return Files.readString(file, ISO_8859_1);
        } catch (IOException _) {
            return "";
        }
    }
}
