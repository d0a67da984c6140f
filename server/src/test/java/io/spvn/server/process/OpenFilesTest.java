package io.spvn.server.process;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class OpenFilesTest {
    @Test
    void ofThisProcess() {
        OpenFiles files = OpenFiles.ofProcess().orElseThrow();
        assertTrue(files.now() > 0 && files.now() <= files.most(), files.toString());
    }
}
