package io.spvn.server.http1;

import java.util.List;
import java.util.stream.Stream;

/// Chunked bodies that are refused, each with the rule that it breaks.
final class BodyCorpus {
    private static final String END = "0\r\n\r\n";

    /// A body and the rule that it breaks.
    record Refused(BodyRules rule, String coded) {
        @Override
        public String toString() {
            return rule + ": " + HeadCorpus.shown(coded);
        }
    }

    static final List<Refused> REFUSED =
            Stream.of(sizes(), extensions(), data(), trailers()).flatMap(List::stream).toList();

    private BodyCorpus() {}

    private static List<Refused> sizes() {
        return List.of(
                no(BodyRules.SIZE_SYNTAX, "\r\n"),
                no(BodyRules.SIZE_SYNTAX, "\n"),
                no(BodyRules.SIZE_SYNTAX, "g\r\n"),
                no(BodyRules.SIZE_SYNTAX, hello(" 5")),
                no(BodyRules.SIZE_SYNTAX, hello("-1")),
                no(BodyRules.SIZE_SYNTAX, "-0\r\n\r\n"),
                no(BodyRules.SIZE_SYNTAX, hello("+5")),
                no(BodyRules.SIZE_SYNTAX, hello("0x5")),
                no(BodyRules.SIZE_SYNTAX, "1_0\r\nhello world!!!!!\r\n" + END),
                no(BodyRules.SIZE_SYNTAX, hello("5.")),
                no(BodyRules.SIZE_SYNTAX, hello("5h")),
                no(BodyRules.SIZE_SYNTAX, hello("5,a")),
                no(BodyRules.SIZE_SYNTAX, hello("5\0")),
                no(BodyRules.SIZE_SYNTAX, "\u00b2\r\n"),
                no(BodyRules.SIZE_SYNTAX, "5\nhello\r\n" + END),
                no(BodyRules.SIZE_TOO_LARGE, hello("FFFFFFFFFFFFFFFF0")),
                no(BodyRules.SIZE_TOO_LARGE, hello("8000000000000000")),
                no(BodyRules.SIZE_TOO_LARGE, hello("00000000000000005")),
                no(BodyRules.SIZE_SPACE, hello("5 ")),
                no(BodyRules.SIZE_SPACE, hello("5\t")),
                no(BodyRules.SIZE_SPACE, hello("5 5")),
                no(BodyRules.SIZE_SPACE, hello("5;a=\"b\" ")),
                no(BodyRules.SIZE_BARE_CR, "5\rhello\r\n" + END),
                no(BodyRules.SIZE_BARE_CR, "5\r\rhello\r\n" + END),
                no(BodyRules.SIZE_BARE_CR, hello("5;a\rX")));
    }

    private static List<Refused> extensions() {
        return List.of(
                no(BodyRules.EXTENSION_SYNTAX, hello("5;")),
                no(BodyRules.EXTENSION_SYNTAX, hello("5; ")),
                no(BodyRules.EXTENSION_SYNTAX, hello("5;a;")),
                no(BodyRules.EXTENSION_SYNTAX, "5;\nhello\r\n" + END),
                no(BodyRules.EXTENSION_SYNTAX, "5;a\nhello\r\n" + END),
                no(BodyRules.EXTENSION_SYNTAX, hello("5;a ")),
                no(BodyRules.EXTENSION_SYNTAX, hello("5;a=")),
                no(BodyRules.EXTENSION_SYNTAX, hello("5;=a")),
                no(BodyRules.EXTENSION_SYNTAX, hello("5;a b")),
                no(BodyRules.EXTENSION_SYNTAX, hello("5;bad[=x")),
                no(BodyRules.EXTENSION_SYNTAX, hello("5;\0a")),
                no(BodyRules.EXTENSION_SYNTAX, hello("5;a=\u0007")),
                no(BodyRules.EXTENSION_SYNTAX, hello("5;a=\"b")),
                no(BodyRules.EXTENSION_SYNTAX, hello("5;a=\"b\\\r\n\"")),
                no(BodyRules.EXTENSION_SYNTAX, hello("5;a=\"b\"c")),
                no(BodyRules.EXTENSIONS_TOO_LONG, hello("5;" + "a".repeat(5000))));
    }

    private static List<Refused> data() {
        return List.of(
                no(BodyRules.DATA_TOO_LONG, "5\r\nhello" + END),
                no(BodyRules.DATA_TOO_LONG, "5\r\nhello\n" + END),
                no(BodyRules.DATA_TOO_LONG, "5\r\nhello!!\r\n" + END),
                no(BodyRules.DATA_BARE_CR, "5\r\nhello\r" + END),
                no(BodyRules.DATA_TOO_LONG, "6\r\nhello\r\n" + END),
                no(BodyRules.SIZE_SYNTAX, "5\r\nhello\r\n\r\n" + END),
                no(BodyRules.DATA_TOO_LONG, "5\r\nhell\r\n" + END));
    }

    private static List<Refused> trailers() {
        return List.of(
                no(BodyRules.TRAILER_SYNTAX, "0\r\n\n"),
                no(BodyRules.TRAILER_SYNTAX, "0\r\nX\r\n\r\n"),
                no(BodyRules.TRAILER_SYNTAX, "0\r\n: y\r\n\r\n"),
                no(BodyRules.TRAILER_SYNTAX, "0\r\nX : y\r\n\r\n"),
                no(BodyRules.TRAILER_SYNTAX, "0\r\nX: y\r\n z\r\n\r\n"),
                no(BodyRules.TRAILER_SYNTAX, "0\r\nGET / HTTP/1.1\r\n\r\n"),
                no(BodyRules.TRAILER_CONTROL, "0\r\nX: y\nZ: w\r\n\r\n"),
                no(BodyRules.TRAILER_CONTROL, "0\r\nX: \0\r\n\r\n"),
                no(BodyRules.TRAILER_BARE_CR, "0\r\nX: y\rZ: w\r\n\r\n"),
                no(BodyRules.TRAILERS_TOO_LONG, "0\r\nX: " + "y".repeat(10_000) + "\r\n\r\n"),
                no(BodyRules.TOO_MANY_TRAILERS, "0\r\n" + "X: y\r\n".repeat(65) + "\r\n"),
                no(BodyRules.END_BARE_CR, "0\r\n\r\r\n"));
    }

    private static Refused no(BodyRules rule, String coded) {
        return new Refused(rule, coded);
    }

    /// A whole body of one chunk, with a size line that should say 5.
    private static String hello(String sizeLine) {
        return sizeLine + "\r\nhello\r\n" + END;
    }
}
