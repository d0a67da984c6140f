/// What can be seen of the server from outside: how much it does, and whether it is well.
///
/// [io.spvn.server.observe.RequestMeters] counts, [io.spvn.server.observe.Metrics] shows,
/// [io.spvn.server.observe.Health] judges, and [io.spvn.server.observe.AdminListener] tells whoever
/// asks over HTTP, on a thread of its own that waits for nothing but its sockets. What the server
/// is made of is not known here: it is seen through [io.spvn.server.observe.Vitals].
package io.spvn.server.observe;
