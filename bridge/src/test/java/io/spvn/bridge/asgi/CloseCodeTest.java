package io.spvn.bridge.asgi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CloseCodeTest {
    @Test
    void codes_thatMayBeSent() {
        List<Integer> below =
                IntStream.range(-1, 3000).filter(CloseCode::mayBeSent).boxed().toList();
        assertEquals(
                List.of(1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014),
                below);
        assertEquals(
                IntStream.rangeClosed(3000, 4999).boxed().toList(),
                IntStream.range(3000, 70_000).filter(CloseCode::mayBeSent).boxed().toList());
    }

    @Test
    void codesThatOnlyTellAnApp_areThoseWithANameThatMayNotBeSent() {
        assertEquals(
                List.of(1005, 1006, 1015),
                IntStream.range(-1, 70_000).filter(CloseCode::isLocal).boxed().toList());
    }
}
