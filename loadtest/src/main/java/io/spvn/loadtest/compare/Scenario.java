package io.spvn.loadtest.compare;

/// Something that servers are compared in.
///
/// @param name short and stable
/// @param title for headings
/// @param about one sentence
/// @param ask the request it repeats
/// @param leadsBy what is compared
record Scenario(
        String name,
        String title,
        String about,
        Group group,
        Ask ask,
        Course course,
        LeadsBy leadsBy) {
    /// The figure by which one server leads another.
    enum LeadsBy {
        /// More successes a second.
        RATE,
        /// A lower 99th percentile at the same rate.
        LATENCY
    }
}
