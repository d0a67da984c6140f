package io.spvn.server.files;

import io.spvn.bridge.asgi.FileRange;
import io.spvn.server.http.AcceptEncoding;
import io.spvn.server.http.ContentCoding;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The files below one directory. For any thread; blocks for the file system.
///
/// The directory is looked up with each request: it may be a link that a deployment changes. Links
/// below it are followed first, and what they lead to has to be below it as well, unless they may
/// lead out. Then the way that was found is gone without following any link, by [Descent], so that
/// nothing that was changed meanwhile leads elsewhere.
final class Folder {
    private final Path directory;
    private final @Nullable String index;
    private final boolean symlinks;
    private final RecentFiles recents;

    /// @param index the name of the file that stands for its directory, null for none
    /// @param symlinks whether symbolic links may lead out of it
    Folder(Path directory, @Nullable String index, boolean symlinks, RecentFiles recents) {
        this.directory = directory;
        this.index = index;
        this.symlinks = symlinks;
        this.recents = recents;
    }

    /// Opens the file that `path` leads to, in the coding that the client likes best of those that
    /// it lies there in.
    ///
    /// @throws IOException when it cannot be read
    Found find(UrlPath path, AcceptEncoding accepted) throws IOException {
        if (path.isIllegal()) {
            return Found.NOTHING;
        }
        try {
            return find(named(path), path.slash(), accepted);
        } catch (InvalidPathException unknownToTheSystem) {
            return Found.NOTHING;
        } catch (NoSuchFileException
                | NotDirectoryException
                | FileSystemLoopException
                | NotServed goneMeanwhile) {
            return Found.NOTHING;
        }
    }

    private Path named(UrlPath path) {
        Path named = directory;
        for (String segment : path.segments()) {
            named = named.resolve(String.valueOf(segment));
        }
        return named;
    }

    private Found find(Path named, boolean slash, AcceptEncoding accepted) throws IOException {
        FileFacts facts = FileFacts.look(named);
        if (facts != null) {
            return slash ? Found.NOTHING : open(named, facts, accepted);
        }
        Path inside = index == null ? named : named.resolve(index);
        FileFacts within = index == null ? null : FileFacts.look(inside);
        if (within == null) {
            return Found.NOTHING;
        }
        return slash ? open(inside, within, accepted) : Found.DIRECTORY;
    }

    private Found open(Path named, FileFacts facts, AcceptEncoding accepted) throws IOException {
        RecentFiles.Key key = RecentFiles.Key.of(named, accepted);
        Found.Opened recent = recents.get(key, facts);
        if (recent != null) {
            return recent;
        }
        Found found = open(named, accepted);
        if (found instanceof Found.Opened opened) {
            recents.put(key, facts, opened);
        }
        return found;
    }

    private Found open(Path named, AcceptEncoding accepted) throws IOException {
        Path real = named.toRealPath();
        Path inside = directory.toRealPath();
        Path top = symlinks && !real.startsWith(inside) ? real.getRoot() : inside;
        if (!real.startsWith(top) || hides(inside, real)) {
            return Found.NOTHING;
        }
        List<ContentCoding> variants = variants(real);
        try (Descent descent = Descent.to(top, real)) {
            for (ContentCoding coding : accepted.codings()) {
                FileChannel channel = variants.contains(coding) ? descent.open(coding) : null;
                if (channel != null) {
                    Path variant = real.resolveSibling(real.getFileName() + coding.suffix());
                    return opened(named, variant, channel, descent, coding, true);
                }
            }
            if (!accepted.takesIdentity()) {
                return Found.UNACCEPTABLE;
            }
            FileChannel channel = descent.open();
            return opened(named, real, channel, descent, null, !variants.isEmpty());
        }
    }

    private static Found opened(
            Path named,
            Path served,
            FileChannel channel,
            Descent descent,
            @Nullable ContentCoding coding,
            boolean varies) {
        String name = String.valueOf(named.getFileName());
        FileFacts facts = descent.facts();
        FileRange whole = new FileRange(channel, 0, facts.size());
        return new Found.Opened(name, whole, served, facts, coding, varies);
    }

    /// Whether a link has led to what is not served by its own name.
    private static boolean hides(Path top, Path real) {
        if (!real.startsWith(top)) {
            return String.valueOf(real.getFileName()).startsWith(".");
        }
        for (Path name : top.relativize(real)) {
            if (UrlPath.segment(name.toString()) == null) {
                return true;
            }
        }
        return false;
    }

    /// The codings in which the file seems to lie there.
    private static List<ContentCoding> variants(Path real) {
        List<ContentCoding> variants = new ArrayList<>();
        for (ContentCoding coding : ContentCoding.values()) {
            Path variant = real.resolveSibling(real.getFileName() + coding.suffix());
            if (Files.isRegularFile(variant, LinkOption.NOFOLLOW_LINKS)) {
                variants.add(coding);
            }
        }
        return variants;
    }

    /// What is found is not what is served.
    static final class NotServed extends FileSystemException {
        private static final long serialVersionUID = 1L;

        NotServed(Path name) {
            super(name.toString());
        }
    }
}
