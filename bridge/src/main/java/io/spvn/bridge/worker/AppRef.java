package io.spvn.bridge.worker;

import java.nio.file.Path;

/// Where the app is found and how it is called.
///
/// @param target `package.module:attribute` or `path/file.py:attribute`, the attribute optional
/// @param appDir first entry of `sys.path`
/// @param appInterface how the app wants to be called
/// @param factory whether the attribute is a function that makes the app
public record AppRef(String target, Path appDir, AppInterface appInterface, boolean factory) {
    public AppRef {
        if (target.isBlank()) {
            throw new IllegalArgumentException("target is empty");
        }
    }
}
