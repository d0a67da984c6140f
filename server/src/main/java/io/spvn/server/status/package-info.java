/// What the server tells people of itself: a page, the same as JSON, and as text in a terminal.
///
/// [io.spvn.server.status.Status] puts together what it is told: what was counted, what
/// [io.spvn.server.status.Insight] shows of workers and requests at the moment it is asked, and the
/// last 15 minutes, which [io.spvn.server.status.History] keeps. All of it is read on the admin
/// listener's thread: nothing waits for a worker, takes a lock that one holds for long, or touches
/// Python.
package io.spvn.server.status;
