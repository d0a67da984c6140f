package io.spvn.loadtest.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CatalogueTest {
    @Test
    void unknownNames_areRefusedWithTheKnownOnes() {
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Catalogue.checkedPeers(List.of("spvn", "nginx"), false))
                        .getMessage();
        assertEquals(
                "no such server: nginx; known are spvn, granian, uvicorn, hypercorn, fastpysgi,"
                        + " daphne, gunicorn",
                message);
        String scenarios =
                String.valueOf(
                        assertThrows(
                                        IllegalArgumentException.class,
                                        () -> Catalogue.checkedScenarios(List.of("hello")))
                                .getMessage());
        assertTrue(scenarios.startsWith("no such scenario: hello; known are hello-50, "));
    }

    @Test
    void noNames_meanAll_orTheFewOfAQuickComparison() {
        assertEquals(Catalogue.peers(), Catalogue.checkedPeers(List.of(), false));
        assertEquals(
                List.of("spvn", "granian", "uvicorn"), Catalogue.checkedPeers(List.of(), true));
        assertEquals(List.of("daphne"), Catalogue.checkedPeers(List.of("daphne", "daphne"), true));
        assertEquals(Catalogue.scenarios(), Catalogue.checkedScenarios(List.of()));
    }
}
