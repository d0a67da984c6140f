package io.spvn.loadtest.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PeersTest {
    @Test
    void everyServer_isToldItsPortAndTarget() {
        for (Peer peer : Peers.ALL) {
            List<String> command = peer.command().apply(Launch.shown(3));
            assertEquals("TARGET", command.getLast(), peer.name());
            assertTrue(peer.shown(3).contains("PORT"), peer.name());
        }
    }

    @Test
    void everyServer_isToldItsWorkers_butDaphne() {
        for (Peer peer : Peers.ALL) {
            boolean told = peer.command().apply(Launch.shown(3)).contains("3");
            assertEquals(!peer.name().equals("daphne"), told, peer.name());
        }
    }

    @Test
    void everyRival_isPinned() {
        Pins pins = Pins.own();
        for (Peer peer : Peers.ALL) {
            boolean pinned = !pins.version(peer.distribution()).isEmpty();
            assertEquals(!peer.name().equals("spvn"), pinned, peer.name());
        }
        assertTrue(
                pins.text().lines().allMatch(line -> line.matches("#.*|[\\w.-]+==[\\w.]+")),
                "exact pins only");
    }

    @Test
    void daphne_hasNoSecondWorker() {
        Peer daphne = Peers.named(List.of("daphne")).getFirst();
        assertNull(daphne.obstacle(Runs.scenario("hello-c64").group()));
        assertEquals(
                "daphne has a single process",
                daphne.obstacle(Runs.scenario("hello-n-c64").group()));
    }
}
