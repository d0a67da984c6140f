package io.spvn.server.http1;

import java.util.Random;
import java.util.function.Consumer;

/// Holds a property against inputs that no run before has seen. The seed is printed; a run is
/// repeated with `-Dfuzz.seed=SEED`.
final class Fresh {
    private Fresh() {}

    static void inputs(Mutations mutations, int rounds, Consumer<byte[]> property) {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        System.out.printf("%d fresh inputs, -Dfuzz.seed=%d%n", rounds, seed);
        var random = new Random(seed);
        for (int round = 0; round < rounds; round++) {
            check(mutations.next(random), property, seed);
        }
    }

    private static void check(String input, Consumer<byte[]> property, long seed) {
        try {
            property.accept(Heads.bytes(input));
        } catch (RuntimeException | AssertionError broken) {
            String text = HeadCorpus.shown(input);
            throw new AssertionError("-Dfuzz.seed=%d: %s".formatted(seed, text), broken);
        }
    }
}
