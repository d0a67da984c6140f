package io.spvn.bridge.worker;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where Python finds the `spvn_bridge` package: in the folder `python` beside that of the jars,
/// where an installation has it and Python keeps what it has compiled; else inside this module's
/// jar (Python imports straight from zip files) or in the class directory of a build.
public final class BridgeSource {
    private static final String FOLDER = "python";

    private BridgeSource() {}

    /// What is to be on `sys.path`.
    public static Path location() {
        try {
            return of(
                    Path.of(
                            BridgeSource.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI()));
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// @param code the jar or the directory that this class is from
    static Path of(Path code) {
        Path unpacked = code.resolveSibling("../" + FOLDER).normalize();
        return Files.isRegularFile(code) && Files.isDirectory(unpacked.resolve("spvn_bridge"))
                ? unpacked
                : code.resolve(FOLDER);
    }
}
