package io.spvn.loadtest.compare;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the comparison ran on.
record Machine(int cpus, String cpuModel, long memoryMib, String kernel, String java) {
    private static final long KIB = 1024;

    static Machine here() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                cpuModel(ProcFiles.text(Path.of("/proc/cpuinfo"))),
                ProcFiles.kib("MemTotal:", ProcFiles.text(Path.of("/proc/meminfo"))) / KIB,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.version"));
    }

    private static String cpuModel(String cpuinfo) {
        return cpuinfo.lines()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }

    Map<String, Object> tree(String python) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("cpus", cpus);
        tree.put("cpu_model", cpuModel);
        tree.put("memory_mib", memoryMib);
        tree.put("kernel", kernel);
        tree.put("java", java);
        tree.put("python", python);
        return tree;
    }
}
