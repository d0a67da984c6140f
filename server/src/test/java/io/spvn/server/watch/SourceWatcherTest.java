package io.spvn.server.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// On a real folder. That nothing is told of a change is seen from what is told of the next one.
final class SourceWatcherTest {
    private static final String BEGUN = "begun";
    private static final String UNDONE = "undone";

    @TempDir private Path directory;
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private Path root = Path.of("");
    private SourceWatcher watcher;

    private final class Listener implements Edits {
        @Override
        public void begun() {
            told.add(BEGUN);
        }

        @Override
        public void changed(List<String> files) {
            told.add(String.join(" ", files));
        }

        @Override
        public void undone() {
            told.add(UNDONE);
        }
    }

    @BeforeEach
    void start() throws IOException {
        root = Files.createDirectories(directory.toRealPath().resolve("app"));
        write("app.py", "1");
        write("pkg/mod.py", "1");
        write("page.html", "1");
        write("node_modules/x/y.py", "1");
        watcher =
                new SourceWatcher(
                        new Watch(List.of(root), List.of(), List.of("skipped")), new Listener());
        watcher.start();
    }

    @AfterEach
    void close() {
        watcher.close();
    }

    private Path write(String file, String content) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, content);
    }

    private String next() throws InterruptedException {
        String next = told.poll(10, TimeUnit.SECONDS);
        return next == null ? "nothing" : next;
    }

    private void assertTold(String files) throws InterruptedException {
        assertEquals(BEGUN, next());
        assertEquals(files, next());
    }

    /// What was done before is not told as a change.
    private void assertNothingTold() throws IOException, InterruptedException {
        write("end.py", "end");
        String next = next();
        while (next.equals(BEGUN) || next.equals(UNDONE)) {
            next = next();
        }
        assertEquals("end.py", next);
    }

    @Test
    void savedFile_isTold() throws Exception {
        write("app.py", "2");
        assertTold("app.py");
        assertNull(told.peek());
    }

    @Test
    void fileInAFolder_isTold() throws Exception {
        write("pkg/mod.py", "2");
        assertTold("pkg/mod.py");
    }

    @Test
    void newFileAndDeletedFile_areTold() throws Exception {
        Path added = write("added.py", "1");
        assertTold("added.py");
        Files.delete(added);
        assertTold("added.py");
    }

    @Test
    void filesSavedTogether_areToldOnce() throws Exception {
        write("app.py", "2");
        write("pkg/mod.py", "2");
        assertTold("app.py pkg/mod.py");
        assertNull(told.peek());
    }

    @Test
    void saveByRename_isTold() throws Exception {
        Path next = write("app.py.new", "2");
        Files.move(next, root.resolve("app.py"), StandardCopyOption.ATOMIC_MOVE);
        assertTold("app.py");
    }

    @Test
    void touchedFile_isNotTold() throws Exception {
        Files.setLastModifiedTime(root.resolve("app.py"), FileTime.from(Instant.EPOCH));
        Files.setPosixFilePermissions(
                root.resolve("app.py"), PosixFilePermissions.fromString("rwx------"));
        assertNothingTold();
    }

    /// It may be seen while it is empty.
    @Test
    void fileSavedAsItWas_isNotToldAsChanged() throws Exception {
        write("app.py", "1");
        assertNothingTold();
    }

    @Test
    void changeThatIsUndone_isToldAsSuch() throws Exception {
        write("app.py", "2");
        assertEquals(BEGUN, next());
        write("app.py", "1");
        assertEquals(UNDONE, next());
        assertNothingTold();
    }

    @Test
    void sameSizeInTheSameInstant_isTold() throws Exception {
        Path file = root.resolve("app.py");
        FileTime before = Files.getLastModifiedTime(file);
        Files.writeString(file, "2", StandardOpenOption.WRITE);
        Files.setLastModifiedTime(file, before);
        assertTold("app.py");
    }

    @Test
    void otherFiles_andFoldersLeftOut_areNotTold() throws Exception {
        write("page.html", "2");
        write("node_modules/x/y.py", "2");
        write(".hidden/a.py", "1");
        write("skipped/a.py", "1");
        assertNothingTold();
    }

    @Test
    void newFolder_isTold_andWatched() throws Exception {
        write("new/er/a.py", "1");
        assertTold("new/er/a.py");
        write("new/er/a.py", "2");
        assertTold("new/er/a.py");
    }

    @Test
    void folderThatIsSwapped_isWatchedUnderItsName() throws Exception {
        Path next = Files.createDirectories(directory.toRealPath().resolve("next"));
        Files.writeString(next.resolve("mod.py"), "2");
        Files.move(root.resolve("pkg"), root.resolve("old"));
        Files.move(next, root.resolve("pkg"));
        assertTold("old/mod.py pkg/mod.py");
        write("pkg/mod.py", "3");
        assertTold("pkg/mod.py");
        write("old/mod.py", "3");
        assertTold("old/mod.py");
    }

    @Test
    void folderMovedWithFoldersInIt_isWatchedWhereItIs() throws Exception {
        write("a/b/c.py", "1");
        assertTold("a/b/c.py");
        Files.move(root.resolve("a"), root.resolve("z"));
        assertTold("a/b/c.py z/b/c.py");
        write("z/b/c.py", "2");
        assertTold("z/b/c.py");
    }

    @Test
    void deletedFolder_isTold_andComesBack() throws Exception {
        Files.delete(root.resolve("pkg/mod.py"));
        Files.delete(root.resolve("pkg"));
        assertTold("pkg/mod.py");
        write("pkg/mod.py", "1");
        assertTold("pkg/mod.py");
        write("pkg/mod.py", "2");
        assertTold("pkg/mod.py");
    }

    @Test
    void watchedFolderItself_mayBeSwapped() throws Exception {
        Files.move(root, root.resolveSibling("before"));
        assertTold("app.py pkg/mod.py");
        write("app.py", "2");
        assertTold("app.py");
        Files.writeString(root.resolveSibling("before").resolve("app.py"), "3");
        write("app.py", "4");
        assertTold("app.py");
    }

    @Test
    void moreThanTheSystemTells_isFoundAllTheSame() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            write("pkg/f" + i + ".py", "1");
        }
        write("pkg/mod.py", "2");
        StringBuilder all = new StringBuilder();
        while (!all.toString().contains("pkg/mod.py")) { // a long burst is told in parts
            all.append(next()).append(' ');
        }
        assertTrue(all.toString().contains("pkg/f0.py"), all::toString);
        assertTrue(all.toString().contains("pkg/f1999.py"), all::toString);
    }
}
