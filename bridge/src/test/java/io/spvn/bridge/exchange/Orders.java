package io.spvn.bridge.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// All orders in which the steps of several actors can happen. There are no threads: a step stands
/// for what happens under one monitor, and so is atomic.
///
/// An actor's own steps keep their order, and one that cannot happen yet waits. Each order is
/// walked in a world of its own, and so is each beginning of an order, as if all came to a halt
/// there.
///
/// @param start makes a world
/// @param actors the steps of each
/// @param <W> what the steps change
record Orders<W>(Supplier<W> start, List<List<Step<W>>> actors) {
    /// What an actor does next.
    ///
    /// @param possible whether it can be done now
    record Step<W>(String name, Predicate<W> possible, Consumer<W> act) {
        Step(String name, Consumer<W> act) {
            this(name, world -> true, act);
        }

        Step<W> when(Predicate<W> condition) {
            return new Step<>(name, condition, act);
        }
    }

    /// Walks them all.
    ///
    /// @param end lets a world that has come to a halt end, and says how that was
    /// @return all ends
    Set<String> walk(Function<W, String> end) {
        Set<String> ends = new TreeSet<>();
        walk(new ArrayList<>(), end, ends);
        return ends;
    }

    private void walk(List<Integer> order, Function<W, String> end, Set<String> ends) {
        List<Integer> next;
        try {
            W world = replay(order);
            next = possible(order, world);
            ends.add(end.apply(world));
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError("in this order: " + names(order), failure);
        }
        for (int actor : next) {
            order.add(actor);
            walk(order, end, ends);
            order.removeLast();
        }
    }

    private W replay(List<Integer> order) {
        W world = start.get();
        int[] done = new int[actors.size()];
        for (int actor : order) {
            actors.get(actor).get(done[actor]++).act.accept(world);
        }
        return world;
    }

    private List<Integer> possible(List<Integer> order, W world) {
        int[] done = new int[actors.size()];
        order.forEach(actor -> done[actor]++);
        List<Integer> next = new ArrayList<>();
        for (int actor = 0; actor < done.length; actor++) {
            List<Step<W>> steps = actors.get(actor);
            if (done[actor] < steps.size() && steps.get(done[actor]).possible.test(world)) {
                next.add(actor);
            }
        }
        return next;
    }

    private List<String> names(List<Integer> order) {
        int[] done = new int[actors.size()];
        return order.stream().map(actor -> actors.get(actor).get(done[actor]++).name).toList();
    }
}
