package io.spvn.bridge.asgi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PayloadTest {

    @Test
    void copyTo_takesAPiece() {
        byte[] target = new byte[5];
        Payload.of(new byte[] {1, 2, 3, 4}).copyTo(1, target, 2, 2);
        assertArrayEquals(new byte[] {0, 0, 2, 3, 0}, target);
    }

    @Test
    void copyTo_beyondTheEnd_isRefused() {
        Payload payload = Payload.of(new byte[2]);
        assertThrows(IndexOutOfBoundsException.class, () -> payload.copyTo(1, new byte[9], 0, 2));
    }

    @Test
    void empty_hasNoBytes() {
        assertEquals(0, Payload.EMPTY.length());
        Payload.EMPTY.release();
        assertEquals(0, Payload.EMPTY.length());
    }

    @Test
    void requestBody_keepsItsParts() {
        List<byte[]> parts = new ArrayList<>(List.of(new byte[] {1}));
        var event = new Inbound.RequestBody(parts, true);
        parts.clear();
        assertEquals(1, event.parts().size());
    }

    @Test
    void endpoint_portOutOfRange_isRefused() {
        assertEquals(-1, new Endpoint("/run/app.sock", -1).port());
        assertThrows(IllegalArgumentException.class, () -> new Endpoint("::1", 65_536));
        assertThrows(IllegalArgumentException.class, () -> new Endpoint("::1", -2));
    }
}
