package io.spvn.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// What the process may use of the machine; empty where the system does not tell.
///
/// @param cpus processors
/// @param memory bytes of the machine
/// @param bound bytes that the control group leaves
/// @param heap bytes of Java's heap at most
/// @param files files that may be open
/// @param mostFiles what that may be raised to
record Machine(
        int cpus,
        OptionalLong memory,
        OptionalLong bound,
        long heap,
        OptionalLong files,
        OptionalLong mostFiles) {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final List<Path> BOUNDS =
            List.of(
                    Path.of("/sys/fs/cgroup/memory.max"),
                    Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
    private static final long KIBI = 1024;

    static Machine ofProcess() {
        Runtime java = Runtime.getRuntime();
        return new Machine(
                java.availableProcessors(),
                scaled(number(MEMORY, "MemTotal:", 0), KIBI),
                groupBound(),
                java.maxMemory(),
                number(LIMITS, "Max open files", 0),
                number(LIMITS, "Max open files", 1));
    }

    private static OptionalLong groupBound() {
        return BOUNDS.stream()
                .map(file -> number(file, "", 0))
                .filter(OptionalLong::isPresent)
                .findFirst()
                .orElseGet(OptionalLong::empty);
    }

    private static OptionalLong scaled(OptionalLong value, long unit) {
        return value.isEmpty() ? value : OptionalLong.of(value.getAsLong() * unit);
    }

    /// The nth number of the line that begins so; empty where there is another word, or no file.
    private static OptionalLong number(Path file, String begin, int nth) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(begin))
                    .map(line -> line.substring(begin.length()).strip().split("\\s+", -1))
                    .filter(words -> words.length > nth && words[nth].matches("\\d{1,18}"))
                    .mapToLong(words -> Long.parseLong(words[nth]))
                    .findFirst();
        } catch (IOException | RuntimeException unknown) {
            return OptionalLong.empty();
        }
    }
}
