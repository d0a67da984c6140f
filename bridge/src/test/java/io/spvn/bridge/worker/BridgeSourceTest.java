package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BridgeSourceTest {
    @TempDir Path app;

    Path jar = Path.of("");

    @BeforeEach
    void install() throws IOException {
        jar = Files.createDirectories(app.resolve("libs")).resolve("spvn-bridge.jar");
        Files.createFile(jar);
    }

    @Test
    void besideTheJars_whereItIsUnpacked() throws IOException {
        Files.createDirectories(app.resolve("python/spvn_bridge"));

        assertEquals(app.resolve("python"), BridgeSource.of(jar));
    }

    @Test
    void inTheJar_whereNothingIsUnpacked() throws IOException {
        Files.createDirectories(app.resolve("python/another"));

        assertEquals(jar.resolve("python"), BridgeSource.of(jar));
    }

    @Test
    void inTheClassesOfABuild() throws IOException {
        Files.createDirectories(app.resolve("python/spvn_bridge"));
        Path classes = Files.createDirectory(app.resolve("classes"));

        assertEquals(classes.resolve("python"), BridgeSource.of(classes));
    }
}
