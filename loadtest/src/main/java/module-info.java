import org.jspecify.annotations.NullMarked;

/// A load generator, and the comparison of servers. Independent of spvn's other modules: servers
/// are processes that speak HTTP.
@NullMarked
module io.spvn.loadtest {
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.jr.ob;
    requires HdrHistogram;
    requires java.management;
    requires jdk.management;

    exports io.spvn.loadtest.attack;
    exports io.spvn.loadtest.compare;
    exports io.spvn.loadtest.report;
}
