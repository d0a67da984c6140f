package io.spvn.server.http1;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// Inputs for endurance tests: texts that mean something, damaged a little.
///
/// @param seeds whole texts to begin with
/// @param scraps pieces that mean something to the parser, for wherever they fall
record Mutations(List<String> seeds, List<String> scraps) {
    private static final int MOST_CHANGES = 6;
    private static final int LONGEST_CUT = 12;
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

    /// Request heads, legal and not.
    static final Mutations HEADS =
            new Mutations(
                    Stream.concat(
                                    HeadCorpus.ACCEPTED.stream(),
                                    HeadCorpus.REFUSED.stream().map(HeadCorpus.Refused::request))
                            .toList(),
                    List.of(
                            "\r",
                            "\n",
                            "\r\n",
                            "\r\n\r\n",
                            " ",
                            "\t",
                            "\0",
                            ":",
                            ",",
                            ";",
                            "#",
                            "?",
                            "*",
                            "/",
                            "//",
                            "@",
                            "[",
                            "]",
                            "%",
                            "%0d%0a",
                            "\u0080",
                            "\u00ff",
                            "\u007f",
                            "HTTP/1.1",
                            "HTTP/1.0",
                            "http://",
                            "CONNECT ",
                            "OPTIONS ",
                            "Host: b\r\n",
                            "Content-Length: 5\r\n",
                            CHUNKED,
                            "chunked",
                            "Connection: close\r\n",
                            "Connection: a, ,keep-alive\r\n",
                            "Expect: 100-continue\r\n"));

    /// Bodies in the chunked coding.
    static final Mutations CHUNKS =
            new Mutations(
                    List.of(
                            "5\r\nhello\r\n0\r\n\r\n",
                            "0\r\n\r\n",
                            "1\r\na\r\n2;b\r\ncd\r\n000\r\nE: f\r\n\r\n",
                            "5 ; a = b ;c= d\r\nhello\r\n0;d=e\r\n\r\n",
                            "5;a=\"b;\\\" c=\\\\d\t\u00e9\"\r\nhello\r\n0\r\n\r\n",
                            "5\r\nhello\r\n0\r\nA:\r\nContent-Length: 50\r\nB: \"x\\y\" \u00ff\r\n\r\n",
                            "1;" + "e".repeat(4_000) + "\r\nx\r\n0\r\n\r\n",
                            "7fffffffffffffff\r\nhello",
                            "0\r\n" + "X: y\r\n".repeat(64) + "\r\n"),
                    List.of(
                            "\r",
                            "\n",
                            "\r\n",
                            "\0",
                            " ",
                            "\t",
                            ";",
                            "=",
                            "\"",
                            "\\",
                            ":",
                            "0",
                            "00",
                            "a",
                            "F",
                            "5",
                            ";a",
                            ";a=b",
                            ";a=\"",
                            "0\r\n",
                            "X: y\r\n",
                            "5\r\nhello\r\n",
                            "0\r\n\r\n",
                            "-",
                            "0x",
                            "g",
                            "\u00ff",
                            "\u007f",
                            "8000000000000000",
                            "e".repeat(100),
                            "X: y\r\n".repeat(20)));

    /// Several requests, with bodies, one after the other.
    static final Mutations PIPELINES =
            new Mutations(
                    List.of(
                            request("GET /a?b", "", ""),
                            request("POST /c", "Content-Length: 5\r\n", "hello"),
                            request("POST http://b/d", "Content-Length: 29\r\n", smuggled()),
                            request("PUT /e", CHUNKED, "5;x=y\r\nhello\r\n0\r\nT: u\r\n\r\n"),
                            request("PUT /f", CHUNKED, "2\r\n\r\n\r\n0\r\n\r\n"),
                            request("PUT /g", CHUNKED, "1d\r\n" + smuggled() + "\r\n0\r\n\r\n"),
                            request("\r\nDELETE /h", "Content-Length: 0\r\n", ""),
                            "GET /i HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
                    Stream.of(HEADS.scraps, CHUNKS.scraps).flatMap(List::stream).toList());

    private static String request(String start, String fields, String body) {
        return start + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
    }

    /// A body that looks like a request, of 29 bytes.
    private static String smuggled() {
        return request("GET /x", "", "!");
    }

    String next(Random random) {
        var text = new StringBuilder(pick(seeds, random));
        for (int i = random.nextInt(1, MOST_CHANGES); i > 0; i--) {
            change(text, random);
        }
        return text.toString();
    }

    private void change(StringBuilder text, Random random) {
        int at = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), at + random.nextInt(1, LONGEST_CUT));
        switch (random.nextInt(7)) {
            case 0 -> text.insert(at, pick(scraps, random));
            case 1 -> text.replace(at, to, pick(scraps, random));
            case 2 -> text.delete(at, to);
            case 3 -> text.insert(at, text.substring(at, to));
            case 4 -> text.insert(at, (char) random.nextInt(256));
            case 5 -> text.insert(0, pick(seeds, random));
            default -> text.append(pick(seeds, random));
        }
    }

    private static String pick(List<String> texts, Random random) {
        return texts.get(random.nextInt(texts.size()));
    }
}
