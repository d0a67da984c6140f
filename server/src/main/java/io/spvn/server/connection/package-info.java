/// What is under every protocol: connections, from when they are accepted until they are closed.
///
/// [io.spvn.server.connection.ConnectionSelector] takes them over from Helidon's listener
/// ([io.spvn.server.connection.HelidonSeam] is all that reaches into it), and
/// [io.spvn.server.connection.Connection] keeps one: its [io.spvn.server.connection.Socket], its
/// buffers, its clock, and its [io.spvn.server.connection.Ending]. What is said is the affair of a
/// [io.spvn.server.connection.Conversation], which may hand the connection on to another. The
/// [io.spvn.server.connection.Registry] knows all that are open, and watches their deadlines.
package io.spvn.server.connection;
