package io.spvn.server.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SourceFilterTest {
    private static final Path ROOT = Path.of("/srv/app");

    private static SourceFilter filter(@Nullable String includes, @Nullable String excludes) {
        return new SourceFilter(new Watch(List.of(ROOT), words(includes), words(excludes)));
    }

    private static List<String> words(@Nullable String text) {
        return text == null ? List.of() : Arrays.asList(text.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "              ,              , app.py               , true",
        "              ,              , deep/er/app.py       , true",
        "              ,              , app.pyc              , false",
        "              ,              , app.py~              , false",
        "              ,              , page.html            , false",
        "              ,              , .#app.py             , false", // a lock of Emacs
        "*.html        ,              , deep/page.html       , true",
        "*.html        ,              , app.py               , true",
        "*             ,              , .app.py.swp          , false", // as in a shell
        "*             ,              , Makefile             , true",
        ".env          ,              , .env                 , true",
        ".env*         ,              , .env.local           , true",
        "templates/*   ,              , templates/a          , true",
        "templates/*   ,              , templates/a/b        , false",
        "templates/*   ,              , x/templates/a        , false",
        "templates/**  ,              , templates/a/b        , true",
        "**/conf/*.yml ,              , conf/a.yml           , true",
        "**/conf/*.yml ,              , x/y/conf/a.yml       , true",
        "/srv/app/a.txt,              , a.txt                , true",
        "./a.txt       ,              , a.txt                , true",
        "'*.{css,js}'  ,              , a.js                 , true",
        "              , test_*.py    , test_a.py            , false",
        "              , test_*.py    , a.py                 , true",
        "*.py          , *.py         , a.py                 , false",
        "              , gen/*.py     , gen/a.py             , false"
    })
    void source(@Nullable String includes, @Nullable String excludes, String file, boolean is) {
        assertEquals(is, filter(includes, excludes).isSource(ROOT.resolve(file)));
    }

    @ParameterizedTest
    @CsvSource({
        "               , pkg              , false",
        "               , .git             , true",
        "               , pkg/.cache       , true",
        "               , __pycache__      , true",
        "               , web/node_modules , true",
        "logs           , logs             , true",
        "logs/          , logs             , true",
        "logs           , pkg/logs         , true",
        "./pkg/logs/    , pkg/logs         , true",
        "pkg/logs       , logs             , false",
        "/srv/app/media , media            , true",
        "*.egg-info     , a.egg-info       , true"
    })
    void folderLeftOut(@Nullable String excludes, String folder, boolean is) {
        assertEquals(is, filter(null, excludes).leavesOut(ROOT.resolve(folder)));
    }

    @Test
    void virtualEnvironment_isLeftOutWhateverItsName(@TempDir Path directory) throws IOException {
        Path environment = Files.createDirectory(directory.resolve("py313"));
        SourceFilter filter = new SourceFilter(new Watch(List.of(directory), List.of(), List.of()));
        assertFalse(filter.leavesOut(environment));
        Files.createFile(environment.resolve("pyvenv.cfg"));
        assertTrue(filter.leavesOut(environment));
    }

    @Test
    void folderThatIsWatchedInItsOwnRight_isNeverLeftOut() {
        Path hidden = ROOT.resolve(".config");
        SourceFilter filter =
                new SourceFilter(new Watch(List.of(ROOT, hidden), List.of("x/*"), List.of()));
        assertFalse(filter.leavesOut(hidden));
        assertTrue(filter.isSource(hidden.resolve("x/y"))); // patterns begin there
        assertEquals("x/y", filter.shown(hidden.resolve("x/y")));
    }

    @Test
    void neighbour_isNotCovered() {
        SourceFilter filter = filter(null, null);
        assertTrue(filter.covers(ROOT.resolve("a")));
        assertTrue(filter.covers(ROOT));
        assertFalse(filter.covers(Path.of("/srv/app2")));
        assertThrows(
                IllegalArgumentException.class, () -> filter.isSource(Path.of("/srv/app2/a.py")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a", "", "/", "./"})
    void notAPattern(String text) {
        List<Path> roots = List.of(ROOT);
        assertThrows(
                IllegalArgumentException.class, () -> new Watch(roots, List.of(text), List.of()));
        assertThrows(
                IllegalArgumentException.class, () -> new Watch(roots, List.of(), List.of(text)));
    }
}
