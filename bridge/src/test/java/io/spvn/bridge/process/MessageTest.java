package io.spvn.bridge.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.worker.BridgeSource;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Both sides give each message the same number: the one that it has in their list.
class MessageTest {
    private static final Pattern LIST = Pattern.compile("\\(\\s*([A-Z,\\s]+?),?\\s*\\) = range\\(");

    @Test
    void lists_areThoseOfTheOtherSide() throws Exception {
        String source =
                Files.readString(
                        BridgeSource.location().resolve("spvn_bridge/remote/wire.py"), UTF_8);
        Matcher lists = LIST.matcher(source);
        assertEquals(names(Message.Down.values()), next(lists));
        assertEquals(names(Message.Up.values()), next(lists));
    }

    private static List<String> next(Matcher lists) {
        assertTrue(lists.find(), "a list of messages");
        return List.of(lists.group(1).split(",\\s*"));
    }

    private static List<String> names(Enum<?>... messages) {
        return Arrays.stream(messages).map(Enum::name).toList();
    }
}
