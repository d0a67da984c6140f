package io.spvn.loadtest.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class LegTest {
    @Test
    void schedule_alternatesTheOrderOfServers() {
        Group hello = Runs.scenario("hello-c1").group();
        Group other = Runs.scenario("blocked").group();
        List<Peer> peers = Peers.named(List.of("spvn", "granian", "uvicorn"));
        List<String> legs =
                Leg.schedule(3, List.of(hello, other), peers).stream()
                        .map(
                                leg ->
                                        leg.round()
                                                + leg.group().app().substring(7, 10)
                                                + leg.peer().name())
                        .toList();
        assertEquals(
                List.of(
                        "1bazspvn",
                        "1bazgranian",
                        "1bazuvicorn",
                        "1quxspvn",
                        "1quxgranian",
                        "1quxuvicorn",
                        "2bazuvicorn",
                        "2bazgranian",
                        "2bazspvn",
                        "2quxuvicorn",
                        "2quxgranian",
                        "2quxspvn",
                        "3bazspvn",
                        "3bazgranian",
                        "3bazuvicorn",
                        "3quxspvn",
                        "3quxgranian",
                        "3quxuvicorn"),
                legs);
    }
}
