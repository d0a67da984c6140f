package io.spvn.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Filter;
import java.util.logging.Logger;

/// What a class has logged.
final class LogRecords {
    private LogRecords() {}

    /// Its messages while something is done, which may set logging up anew: that takes handlers
    /// away, but no filters.
    static List<String> of(Class<?> owner, Runnable done) {
        List<String> said = new ArrayList<>();
        Logger logger = Logger.getLogger(owner.getName());
        Filter before = logger.getFilter();
        logger.setFilter(record -> said.add(record.getMessage()));
        try {
            done.run();
        } finally {
            logger.setFilter(before);
        }
        return said;
    }
}
