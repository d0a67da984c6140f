package io.spvn.loadtest.attack;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WarmupTest {
    private static Set<String> own() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("loadtest-"))
                .collect(Collectors.toSet());
    }

    @Test
    void run_endsSoonAndLeavesNoThreadBehind() {
        long began = System.nanoTime();
        Warmup.run();
        assertTrue(System.nanoTime() - began < Duration.ofSeconds(10).toNanos());
        assertEquals(Set.of(), own());
    }

    @Test
    void responder_answersEachRequestAndListensNoMoreAfterClose() throws IOException {
        BareResponder responder = BareResponder.start();
        URI url = URI.create(responder.url());
        try (responder) {
            Plan plan =
                    new Plan(
                            Target.of(responder.url(), false),
                            Request.get(),
                            Plans.open(200, 2),
                            Duration.ofMillis(500),
                            Duration.ofSeconds(5));
            Run run = Plans.addsUp(new Attack(plan).run(_ -> {}));
            assertEquals(Map.of(200, 100L), run.statuses());
        }
        InetAddress loopback = InetAddress.getLoopbackAddress();
        assertDoesNotThrow(() -> new ServerSocket(url.getPort(), 1, loopback).close());
    }
}
