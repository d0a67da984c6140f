package io.spvn.server.websocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class MaskTest {
    private static final int ROUNDS = 20_000;

    @Test
    void mask_isTakenOff_whereverAPieceBegins() {
        var random = new Random(1);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] payload = new byte[random.nextInt(60)];
            random.nextBytes(payload);
            int mask = random.nextInt();
            byte[] frame = Frames.frame(Frames.FIN | 2, payload, mask);
            byte[] masked = Arrays.copyOfRange(frame, frame.length - payload.length, frame.length);
            assertArrayEquals(payload, inTwoPieces(mask, masked, random));
        }
    }

    private static byte[] inTwoPieces(int mask, byte[] masked, Random random) {
        int before = random.nextInt(masked.length + 1);
        byte[] target = new byte[masked.length + 5];
        Mask.remove(mask, 0, masked, 0, target, 5, before);
        Mask.remove(mask, before, masked, before, target, 5 + before, masked.length - before);
        return Arrays.copyOfRange(target, 5, target.length);
    }
}
