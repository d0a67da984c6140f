package io.spvn.bridge.python;

import java.net.URISyntaxException;
import java.nio.file.Path;

/// Where Python finds the `spvn_bridge` package: inside this module's jar (Python imports straight
/// from zip files) or in the class directory of a build.
final class BridgeSource {
    private BridgeSource() {}

    static String location() {
        try {
            Path code =
                    Path.of(
                            BridgeSource.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            return code.resolve("python").toString();
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
