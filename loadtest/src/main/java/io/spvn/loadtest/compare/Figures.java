package io.spvn.loadtest.compare;

import java.util.Map;

/// Figures in a tree for JSON, which has no word for what is not a number.
final class Figures {
    private Figures() {}

    /// Leaves out what could not be measured.
    static void put(Map<String, Object> tree, String name, double figure) {
        if (Double.isFinite(figure)) {
            tree.put(name, figure);
        }
    }
}
