/// The comparison of servers: the same app, under the same load, on the same Python.
///
/// A [Comparison] takes [Scenario]s and [Peer]s from their tables and lets the peers take turns,
/// round by round, so that a machine with moods has them for all. In a [Turn] one peer's [Server]
/// is started once for all scenarios of a [Group], warmed up, and attacked as each scenario's
/// [Course] says. What came out are [Sample]s, kept in [Results] and told as JSON and as Markdown.
/// A peer that cannot run a scenario gets a row that says why ([CannotRun]). Servers are processes;
/// [Children] sees to it that none outlives the comparison.
package io.spvn.loadtest.compare;
