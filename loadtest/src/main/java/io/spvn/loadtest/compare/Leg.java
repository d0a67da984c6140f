package io.spvn.loadtest.compare;

import java.util.ArrayList;
import java.util.List;

/// A part of the schedule: one server runs one group in one round.
///
/// @param round from 1
record Leg(int round, Group group, Peer peer) {
    /// All legs in order. In each round the groups come one after the other, and in each group the
    /// servers: in every second round from the last to the first.
    static List<Leg> schedule(int rounds, List<Group> groups, List<Peer> peers) {
        List<Leg> legs = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            List<Peer> order = round % 2 == 1 ? peers : peers.reversed();
            for (Group group : groups) {
                for (Peer peer : order) {
                    legs.add(new Leg(round, group, peer));
                }
            }
        }
        return legs;
    }
}
