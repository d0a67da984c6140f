package io.spvn.server.tls;

import io.spvn.server.tls.TlsSettings.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which files hold certificates and keys: those that were named, and what is found in folders.
///
/// In a folder, and in those right below it that are not hidden, these are pairs:
///
///     fullchain.pem   privkey.pem                   as certbot has them; nothing else counts beside them
///     NAME.crt        NAME.key                      also .pem and .cer; so `tls.crt` of Kubernetes
///     NAME.pem        NAME-key.pem, NAME.key.pem    as mkcert has them
///     NAME.pem                                      with its key in it
///     NAME.p12        (or .pfx)
///
/// A certificate without a key, such as an authority's, is passed over.
record CertificateFiles(List<Source> sources) {
    private static final List<String> CHAINS = List.of(".pem", ".crt", ".cer");
    private static final List<String> STORES = List.of(".p12", ".pfx");
    private static final List<String> KEYS = List.of(".key", "-key.pem", ".key.pem");

    /// The pairs that there are now; those of a folder in the order of their names.
    ///
    /// @throws TlsFailure when a folder has none, or cannot be read
    List<Source.Files> pairs() {
        List<Source.Files> pairs = new ArrayList<>();
        for (Source source : sources) {
            switch (source) {
                case Source.Files files -> pairs.add(files);
                case Source.Folder(Path path) -> pairs.addAll(inFolder(path));
            }
        }
        return pairs;
    }

    private static List<Source.Files> inFolder(Path folder) {
        List<Source.Files> found = new ArrayList<>(pairsIn(folder));
        for (Path below : list(folder)) {
            if (Files.isDirectory(below) && !isHidden(below)) {
                found.addAll(pairsIn(below));
            }
        }
        if (found.isEmpty()) {
            throw TlsFailure.of(
                    folder,
                    "no certificate with a key beside it; put NAME.crt and NAME.key there, or"
                            + " fullchain.pem and privkey.pem");
        }
        return found;
    }

    private static List<Source.Files> pairsIn(Path folder) {
        Path chain = folder.resolve("fullchain.pem");
        Path key = folder.resolve("privkey.pem");
        if (Files.exists(chain) && Files.exists(key)) {
            return List.of(new Source.Files(chain, key));
        }
        List<Source.Files> pairs = new ArrayList<>();
        for (Path file : list(folder)) {
            Source.Files pair = pair(file);
            if (pair != null) {
                pairs.add(pair);
            }
        }
        return pairs;
    }

    private static Source.@Nullable Files pair(Path file) {
        String name = String.valueOf(file.getFileName());
        String lower = name.toLowerCase(Locale.ROOT);
        if (!Files.isRegularFile(file) || isHidden(file) || endsWithOneOf(lower, KEYS)) {
            return null;
        }
        if (endsWithOneOf(lower, STORES)) {
            return new Source.Files(file, null);
        }
        if (!endsWithOneOf(lower, CHAINS)) {
            return null;
        }
        String stem = name.substring(0, name.lastIndexOf('.'));
        for (String ending : KEYS) {
            Path key = file.resolveSibling(stem + ending);
            if (Files.exists(key)) {
                return new Source.Files(file, key);
            }
        }
        return hasKey(file) ? new Source.Files(file, null) : null;
    }

    private static boolean hasKey(Path file) {
        try {
            return Pem.blocks(Files.readAllBytes(file)).stream().anyMatch(Pem.Block::isKey);
        } catch (IOException | IllegalArgumentException unreadable) {
            return false;
        }
    }

    private static boolean endsWithOneOf(String name, List<String> endings) {
        return endings.stream().anyMatch(name::endsWith);
    }

    private static boolean isHidden(Path path) {
        return String.valueOf(path.getFileName()).startsWith(".");
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException failure) {
            throw TlsFailure.of(folder, "the folder cannot be read: " + FileReason.of(failure));
        }
    }
}
