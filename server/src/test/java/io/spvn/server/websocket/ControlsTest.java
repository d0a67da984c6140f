package io.spvn.server.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.server.websocket.Controls.Control;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ControlsTest {
    private final Controls controls = new Controls();

    private void pong(int number) {
        controls.add(new Control.Pong(Integer.toString(number).getBytes(US_ASCII)));
    }

    private List<String> pongs() {
        List<String> found = new ArrayList<>();
        for (Control next = controls.poll(); next != null; next = controls.poll()) {
            found.add(
                    next instanceof Control.Pong(byte[] data)
                            ? new String(data, US_ASCII)
                            : "ping");
        }
        return found;
    }

    @Test
    void inTheOrderInWhichTheyCame() {
        pong(1);
        controls.add(new Control.Ping());
        pong(2);
        assertEquals(List.of("1", "ping", "2"), pongs());
        assertTrue(controls.isEmpty());
    }

    @Test
    void ofTooManyPongs_theLastAreKept_andPings() {
        controls.add(new Control.Ping());
        IntStream.range(0, 100).forEach(this::pong);
        List<String> kept = pongs();
        assertEquals(65, kept.size());
        assertEquals("ping", kept.getFirst());
        assertEquals("36", kept.get(1));
        assertEquals("99", kept.getLast());
    }

    @Test
    void pongsThatAreWritten_makeRoom() {
        for (int i = 0; i < 100; i++) {
            pong(i);
            assertEquals(List.of(Integer.toString(i)), pongs());
        }
    }

    @Test
    void aClose_isAskedForByItself_andTheFirstCounts() {
        controls.add(new Control.Close(1000, "first"));
        controls.add(new Control.Close(1011, "second"));
        pong(1);
        assertInstanceOf(Control.Pong.class, controls.poll());
        assertNull(controls.poll());
        assertFalse(controls.isEmpty());
        assertEquals(new Control.Close(1000, "first"), controls.pollClose());
        assertNull(controls.pollClose());
        assertTrue(controls.isEmpty());
    }
}
