package io.spvn.loadtest.compare;

/// Scenarios that share a start of the server.
///
/// @param app module and attribute
/// @param workers that run it
/// @param warm a light request, to warm the server up with
record Group(String app, Workers workers, Ask warm) {
    /// How many workers a server is started with.
    enum Workers {
        ONE,
        /// One for each CPU, and more than one in any case.
        ALL;

        int count(int cpus) {
            return this == ONE ? 1 : Math.max(2, cpus);
        }
    }
}
