package io.spvn.loadtest.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class LeadTableTest {
    private static final List<Peer> PEERS = Peers.named(List.of("spvn", "granian", "uvicorn"));
    private static final Scenario CLOSED = Runs.scenario("hello-c64");
    private static final Scenario FIXED = Runs.scenario("hello-500");

    private final Results results = new Results(List.of(FIXED, CLOSED), PEERS);

    @Test
    void text_hasSpvnsFigureAndItsLeads() {
        fill(FIXED, Runs.sample(1, 500, 4), Runs.sample(1, 500, 6), Runs.sample(1, 500, 2));
        fill(CLOSED, Runs.sample(1, 3_000, 4), Runs.sample(1, 2_000, 4), Runs.sample(1, 4_000, 4));
        assertEquals(
                """
                | scenario | spvn | granian | uvicorn |
                |---|---|---|---|
                | Hello, 500 req/s | 4.00 ms | 1.50 | 0.50 |
                | Hello, 64 connections | 3,000/s | 1.50 | 0.75 |
                """,
                text());
    }

    @Test
    void cell_ofAServerThatHadTrouble_isMarked_andOneThatDidNotRunSaysSo() {
        fill(FIXED, Runs.sample(1, 5_000, 4), Runs.sample(1, 5_000, 6, 1, 0));
        fill(CLOSED, Runs.sample(1, 3_000, 4, 0, 1), Runs.sample(1, 2_000, 4));
        assertEquals(
                """
                | scenario | spvn | granian | uvicorn |
                |---|---|---|---|
                | Hello, 500 req/s | 4.00 ms | 1.50* | not run |
                | Hello, 64 connections | 3,000/s* | 1.50 | not run |
                """,
                text());
    }

    @Test
    void cell_ofAServerThatDidNotKeepUp_saysSo() {
        fill(FIXED, Runs.sample(1, 500, 4), Runs.sample(1, 400, 2, 100, 0));
        assertEquals("| Hello, 500 req/s | 4.00 ms | did not keep up* | not run |", line(2));
    }

    private String line(int number) {
        return text().lines().toList().get(number);
    }

    private String text() {
        return new LeadTable(PEERS, results).text(List.of(FIXED, CLOSED));
    }

    private void fill(Scenario scenario, Sample... samples) {
        List<Row> rows = results.of(scenario);
        for (int i = 0; i < samples.length; i++) {
            rows.get(i).add(samples[i]);
        }
    }
}
