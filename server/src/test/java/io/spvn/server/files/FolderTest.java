package io.spvn.server.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.spvn.bridge.asgi.Headers;
import io.spvn.server.http.AcceptEncoding;
import io.spvn.server.http.Ascii;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What changes between two requests, the second within the moment in which files are kept open.
class FolderTest {
    @TempDir Path top;
    private Path directory = Path.of("");
    private Folder folder = new Folder(directory, null, false, new RecentFiles());

    @BeforeEach
    void make() throws IOException {
        directory = Files.createDirectory(top.resolve("public"));
        folder = new Folder(directory, "index.html", false, new RecentFiles());
        write("public/a.txt", "one");
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(top.resolve(name).getParent());
        Files.writeString(top.resolve(name), text);
    }

    private Found find(String path, String accepted) throws IOException {
        Headers fields = Headers.of(Ascii.bytes("accept-encoding"), Ascii.bytes(accepted));
        return folder.find(UrlPath.of(Ascii.bytes(path)), AcceptEncoding.of(fields));
    }

    private String text(String path, String accepted) throws IOException {
        if (!(find(path, accepted) instanceof Found.Opened file)) {
            return "none";
        }
        byte[] content = new byte[(int) file.whole().length()];
        file.whole().copyTo(0, content, 0, content.length);
        file.whole().release();
        return new String(content, StandardCharsets.UTF_8);
    }

    @Test
    void file_isReadAgain_whenItHasChanged() throws IOException {
        assertEquals("one", text("/a.txt", ""));
        assertEquals("one", text("/a.txt", ""));
        write("public/a.txt", "two!");
        assertEquals("two!", text("/a.txt", ""));
        write("public/b.txt", "three");
        Files.move(
                top.resolve("public/b.txt"),
                top.resolve("public/a.txt"),
                StandardCopyOption.REPLACE_EXISTING);
        assertEquals("three", text("/a.txt", ""));
        Files.delete(top.resolve("public/a.txt"));
        assertEquals("none", text("/a.txt", ""));
    }

    @Test
    void variant_isReadAgain_whenItHasChanged() throws IOException {
        write("public/a.txt.gz", "small");
        assertEquals("small", text("/a.txt", "gzip"));
        write("public/a.txt.gz", "smaller");
        assertEquals("smaller", text("/a.txt", "gzip"));
        Files.delete(top.resolve("public/a.txt.gz"));
        assertEquals("one", text("/a.txt", "gzip"));
    }

    @Test
    void linkThatIsTurned_doesNotLeadOut() throws IOException {
        write("secret.txt", "secret");
        Path link = directory.resolve("link.txt");
        Files.createSymbolicLink(link, Path.of("a.txt"));
        assertEquals("one", text("/link.txt", ""));
        Files.delete(link);
        Files.createSymbolicLink(link, top.resolve("secret.txt"));
        assertEquals("none", text("/link.txt", ""));
    }

    @Test
    void directoryThatBecomesALink_doesNotLeadOut() throws IOException {
        write("public/d/x.txt", "inside");
        write("outside/x.txt", "secret");
        assertEquals("inside", text("/d/x.txt", ""));
        Files.delete(directory.resolve("d/x.txt"));
        Files.delete(directory.resolve("d"));
        Files.createSymbolicLink(directory.resolve("d"), top.resolve("outside"));
        assertEquals("none", text("/d/x.txt", ""));
    }

    @Test
    void directoryItself_mayBeALinkThatIsTurned() throws IOException {
        write("next/a.txt", "next");
        Path current = Files.createSymbolicLink(top.resolve("current"), directory);
        folder = new Folder(current, null, false, new RecentFiles());
        assertEquals("one", text("/a.txt", ""));
        Files.delete(current);
        Files.createSymbolicLink(current, top.resolve("next"));
        assertEquals("next", text("/a.txt", ""));
    }

    @Test
    void kinds() throws IOException {
        write("public/d/index.html", "index");
        assertInstanceOf(Found.Directory.class, find("/d", ""));
        assertEquals("index", text("/d/", ""));
        assertInstanceOf(Found.Nothing.class, find("/", ""));
        assertInstanceOf(Found.Nothing.class, find("/a.txt/x", ""));
        assertInstanceOf(Found.Unacceptable.class, find("/a.txt", "*;q=0"));
    }
}
