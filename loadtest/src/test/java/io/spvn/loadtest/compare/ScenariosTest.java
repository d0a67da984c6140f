package io.spvn.loadtest.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.loadtest.attack.Load;
import io.spvn.loadtest.compare.Group.Workers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScenariosTest {
    private static final List<Scenario> ALL = Scenarios.with(new byte[7]);

    @Test
    void names_areAllThatWasPromised() {
        assertEquals(
                List.of(
                        "hello-50",
                        "hello-500",
                        "hello-1000",
                        "hello-5000",
                        "hello-10000",
                        "hello-c1",
                        "hello-c64",
                        "hello-c512",
                        "slow-clients",
                        "hello-c10000",
                        "fastapi-1000",
                        "fastapi-5000",
                        "fastapi-c64",
                        "overload",
                        "starlette-c64",
                        "large-c64",
                        "stream-c16",
                        "wait-c512",
                        "canada-c4",
                        "blocked",
                        "hello-n-c64",
                        "hello-n-c512",
                        "fastapi-n-c64"),
                ALL.stream().map(Scenario::name).toList());
    }

    @Test
    void scenariosOfAGroup_followEachOther() {
        List<Group> changes = new ArrayList<>();
        for (Scenario scenario : ALL) {
            if (changes.isEmpty() || !changes.getLast().equals(scenario.group())) {
                changes.add(scenario.group());
            }
        }
        assertEquals(changes.size(), new HashSet<>(changes).size());
    }

    @Test
    void hello_postsFourBytesAtFixedRates() {
        for (Scenario scenario : ALL.subList(0, 5)) {
            assertEquals("POST", scenario.ask().method());
            assertEquals(4, scenario.ask().body().length);
            assertTrue(scenario.course() instanceof Course.Steady(Load.Open _));
        }
    }

    @Test
    void names_tellConnections() {
        for (Scenario scenario : ALL) {
            if (scenario.name().matches(".*-c\\d+")) {
                String connections = scenario.name().replaceAll(".*-c", "");
                assertEquals(
                        Integer.parseInt(connections),
                        scenario.course().connections(),
                        scenario.name());
            }
        }
    }

    @Test
    void named_keepsTheOrderOfTheTable() {
        assertEquals(
                List.of("hello-50", "blocked"),
                Scenarios.named(List.of("blocked", "hello-50"), new byte[0]).stream()
                        .map(Scenario::name)
                        .toList());
    }

    @Test
    void workers_areMoreThanOneOnOneCpu() {
        assertEquals(1, Workers.ONE.count(8));
        assertEquals(8, Workers.ALL.count(8));
        assertEquals(2, Workers.ALL.count(1));
    }
}
