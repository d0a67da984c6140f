package io.spvn.bridge.worker;

import java.net.URISyntaxException;
import java.nio.file.Path;

/// Where Python finds the `spvn_bridge` package: inside this module's jar (Python imports straight
/// from zip files) or in the class directory of a build.
public final class BridgeSource {
    private BridgeSource() {}

    /// What is to be on `sys.path`.
    public static Path location() {
        try {
            Path code =
                    Path.of(
                            BridgeSource.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            return code.resolve("python");
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
