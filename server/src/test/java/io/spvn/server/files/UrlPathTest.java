package io.spvn.server.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UrlPathTest {
    private static UrlPath path(String raw) {
        return UrlPath.of(raw.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void segments_areDecodedOnce() {
        assertEquals(
                new UrlPath(List.of("a b", "%41", "ü.js"), false), path("/a%20b/%2541/%c3%bc.js"));
        assertEquals(new UrlPath(List.of("a"), true), path("/a/"));
        assertEquals(new UrlPath(List.of(), true), path("/"));
        assertEquals(new UrlPath(List.of(".well-known", "x"), false), path("/.well-known/x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "a",
                "//",
                "//a",
                "/a//b",
                "/.",
                "/..",
                "/a/..",
                "/%2e",
                "/%2E%2e/a",
                "/.env",
                "/a/.git/b",
                "/a%2fb",
                "/a%5cb",
                "/a\\b",
                "/a%00",
                "/a%0ab",
                "/a.",
                "/a%20",
                "/%7f",
                "/%c0%ae%c0%ae/a",
                "/%ff",
                "/\u00ff",
                "/%ed%a0%80",
                "/.well-knownx"
            })
    void whatIsNoName_isIllegal(String raw) {
        assertTrue(path(raw).isIllegal());
    }

    @Test
    void names_areOfThisLengthAtMost() {
        assertFalse(path("/" + "a".repeat(255)).isIllegal());
        assertTrue(path("/" + "a".repeat(256)).isIllegal());
        assertFalse(path("/a".repeat(64)).isIllegal());
        assertTrue(path("/a".repeat(65)).isIllegal());
    }

    @Test
    void below_isWhatARouteLeaves() {
        List<String> route = UrlPath.of("/a/b/").segments();
        assertEquals(List.of("a", "b"), route);
        assertEquals(new UrlPath(List.of("c"), false), path("/%61/b/c").below(route));
        assertEquals(new UrlPath(List.of(), false), path("/a/b").below(route));
        assertNull(path("/a/bc").below(route));
        assertNull(path("/a").below(route));
        assertEquals(path("/x"), path("/x").below(UrlPath.of("/").segments()));
    }
}
