package io.spvn.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Mutated requests only ever yield a head, a refusal, or the wish for more; and however they are
/// cut into reads, the same.
final class HeadParserFuzzTest {
    private static final int ROUNDS = 40_000;

    private static final List<String> SEEDS =
            Stream.concat(
                            HeadCorpus.ACCEPTED.stream(),
                            HeadCorpus.REFUSED.stream().map(HeadCorpus.Refused::request))
                    .toList();

    private static final List<String> SCRAPS =
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
                    "Transfer-Encoding: chunked\r\n",
                    "chunked",
                    "Connection: close\r\n",
                    "Expect: 100-continue\r\n");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void mutatedRequest_isAHeadOrARefusalOrIncomplete(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            String request = mutated(random);
            String whole = Parsing.whole(request);
            String pieces = Parsing.inPieces(request, _ -> 1 + random.nextInt(40));
            assertEquals(whole, pieces, () -> HeadCorpus.shown(request));
        }
    }

    private static String mutated(Random random) {
        var request = new StringBuilder(pick(SEEDS, random));
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            mutate(request, random);
        }
        return request.toString();
    }

    private static void mutate(StringBuilder request, Random random) {
        int at = random.nextInt(request.length() + 1);
        int to = Math.min(request.length(), at + random.nextInt(1, 12));
        switch (random.nextInt(6)) {
            case 0 -> request.insert(at, pick(SCRAPS, random));
            case 1 -> request.replace(at, to, pick(SCRAPS, random));
            case 2 -> request.delete(at, to);
            case 3 -> request.insert(at, request.substring(at, to));
            case 4 -> request.insert(at, (char) random.nextInt(256));
            default -> request.append(pick(SEEDS, random));
        }
    }

    private static String pick(List<String> texts, Random random) {
        return texts.get(random.nextInt(texts.size()));
    }
}
