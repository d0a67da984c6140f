package io.spvn.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each kind of worker, as many as it can have up to two, in a container that cannot be written.
@NeedsEngine
class WorkersIT {
    private static final int REQUESTS = 40;

    @ParameterizedTest
    @CsvSource({"main, 1", "process, 2", "subinterpreter, 2"})
    void everyWorkerServes(String isolation, int workers) {
        try (Spvn spvn =
                Spvn.serving("app:app", "--isolation", isolation, "--workers", "" + workers)) {
            spvn.with(host -> host.withReadonlyRootfs(true)).start();
            Set<String> seen = new HashSet<>();
            List<CompletableFuture<HttpResponse<String>>> responses =
                    IntStream.range(0, REQUESTS)
                            .mapToObj(
                                    i ->
                                            spvn.client()
                                                    .sendAsync(
                                                            spvn.request("/worker"),
                                                            BodyHandlers.ofString()))
                            .toList();
            responses.forEach(response -> seen.add(response.join().body()));
            assertEquals(workers, seen.size(), seen::toString);
            assertTrue(spvn.stopped(30) == 0, spvn::getLogs);
        }
    }
}
