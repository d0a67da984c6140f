package io.spvn.server;

import java.util.ArrayList;
import java.util.List;

/// What parts of the server do from time to time, one after the other, on the registry's thread.
/// None of it blocks. Complete before that thread starts.
final class Ticks implements Runnable {
    private final List<Runnable> steps = new ArrayList<>();

    void add(Runnable step) {
        steps.add(step);
    }

    @Override
    public void run() {
        steps.forEach(Runnable::run);
    }
}
