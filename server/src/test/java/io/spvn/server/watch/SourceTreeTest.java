package io.spvn.server.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SourceTreeTest {
    @TempDir private Path directory;

    private void write(String file) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "1");
    }

    private SourceTree opened(WatchService service, int maxFolders) {
        Watch watch = new Watch(List.of(directory), List.of(), List.of());
        SourceTree tree = new SourceTree(service, new SourceFilter(watch), maxFolders);
        tree.open(List.of(directory));
        return tree;
    }

    @Test
    void everyFolder_andEverySource_isWatched() throws IOException {
        write("app.py");
        write("a/b/c.py");
        write("a/b/c.txt");
        write("node_modules/d.py");
        try (WatchService service = FileSystems.getDefault().newWatchService()) {
            SourceTree tree = opened(service, 100);
            assertEquals(3, tree.folders());
            assertEquals(2, tree.files());
            assertNull(tree.unwatched());
            assertEquals(List.of(), tree.accept());
        }
    }

    @Test
    void moreFoldersThanThereIsRoomFor_areLeftOut_andTheFirstIsKnown() throws IOException {
        write("app.py");
        for (int i = 0; i < 10; i++) {
            write("pkg" + i + "/mod.py");
        }
        try (WatchService service = FileSystems.getDefault().newWatchService()) {
            SourceTree tree = opened(service, 5);
            assertEquals(4, tree.folders()); // and the one above
            assertEquals(4, tree.files());
            Path unwatched = tree.unwatched();
            assertTrue(unwatched != null && unwatched.startsWith(directory), () -> "" + unwatched);
        }
    }
}
